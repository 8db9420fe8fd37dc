export { waitFor } from '../../stack/wait-for.js';

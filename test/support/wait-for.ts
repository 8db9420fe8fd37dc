export { waitFor } from '../../stack/servers/wait-for.js';

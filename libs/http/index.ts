export { judgeOrigin, type GuardOptions } from './address-guard.js';
export { createNames } from './names.js';
export { createSender, type Sender } from './sender.js';
export { signStandardWebhook } from './signing.js';
export { rawProblemAnswer, sendProblem, type FieldError, type ProblemContent } from './problem.js';

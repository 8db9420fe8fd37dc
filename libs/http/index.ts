export {
  ConnectRefused,
  createAddressGuard,
  judgeOrigin,
  type AddressGuard,
  type GuardOptions,
} from './address-guard.js';
export type { ClientCertificate } from './pools.js';
export { answerLimitBytes, createSender, type Call, type Sender, type SenderOptions } from './sender.js';
export { signStandardWebhook } from './signing.js';
export {
  problemDocument,
  problemMediaType,
  rawProblemAnswer,
  sendProblem,
  type FieldError,
  type ProblemContent,
  type ProblemDocument,
} from './problem.js';

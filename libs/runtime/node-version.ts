import { CodedError } from './errors.js';

/** What `undici` 8 needs; a service on an older one starts, and then fails at its first record. */
const oldest = { major: 22, minor: 19 };

/** @throws CodedError CONFIG_INVALID on a Node that cannot run Carom. */
export const refuseOldNode = (version = process.versions.node): void => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return;
  throw new CodedError(
    'CONFIG_INVALID',
    `this is Node ${version}, and Carom needs ${oldest.major}.${oldest.minor} or newer: npm scripts bring their own`,
  );
};

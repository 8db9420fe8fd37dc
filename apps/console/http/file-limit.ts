import { Problem } from './problem.js';

/** The size of an uploaded file: one limit, whether it is read at once or stored for a job. */

export const maxFileBytes = 512 * 1024 * 1024;

/** @throws Problem 413 once so many bytes have come. */
export const checkFileSize = (bytes: number, maxBytes = maxFileBytes): void => {
  if (bytes > maxBytes)
    throw new Problem(413, 'too_large', `A file has at most ${maxBytes / 1024 / 1024} MiB. Split it into several.`);
};

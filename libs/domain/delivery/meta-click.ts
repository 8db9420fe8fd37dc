import { dayMs } from '../calendar.js';

/** Meta's `fbc`, which names the click of an event: `fb.1.<ms of the click>.<fbclid>`. Meta refuses
 * the whole event for one that it does not take, so a doubtful one is left out.
 * https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/fbp-and-fbc */

const readyMade = /^fb\.\d\.(\d{13})\.[\w.~-]{1,500}$/;
const clickIdForm = /^[\w.~-]{1,500}$/;
const maxAgeMs = 90 * dayMs;

/** Null: the click is more than 90 days older than the event or later than it, or the id is none.
 * An id that is an `fbc` already, because the link carried Meta's cookie, stays as it is. */
export const metaClickOf = (externalId: string | null, clickedAtMs: number | null, eventMs: number): string | null => {
  if (externalId === null) return null;
  const made = readyMade.exec(externalId);
  const atMs = made ? Number(made[1]) : clickedAtMs;
  if (atMs === null || atMs > eventMs || eventMs - atMs > maxAgeMs) return null;
  if (made) return externalId;
  return clickIdForm.test(externalId) && !externalId.startsWith('fb.') ? `fb.1.${atMs}.${externalId}` : null;
};

import { z } from 'zod';

/** A time zone that this machine knows. A wrong one would throw at the first time that is read. */
export const timeZone = z.string().refine((zone) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}, 'an IANA time zone or an offset such as +08:00');

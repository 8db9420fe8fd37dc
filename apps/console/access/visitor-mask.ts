/** Hides what identifies a visitor from viewers without that right: addresses, user agents, and
 *  the headers and parameters that carry them. It works by name over whole answers, so that it
 *  covers new routes too. */

const hidden = '[hidden]';

/** Fields of our answers, and names of headers, parameters and tokens in the wild. */
const visitorName =
  /^(?:ip|visitor_?ip|user_?ip|ip_?addr(?:ess)?|client_?ip|remote_?address|ua|user[-_]?agent|x-forwarded-for|forwarded|x-real-ip|(?:cf-|true-|x-)?(?:connecting|client)-ip)$/i;
const inUrl = /([?&](?:ip|user_?ip|ip_?addr(?:ess)?|client_?ip|ua|user_?agent)=)[^&#]+/gi;

const maskText = (text: string): string => (text.includes('=') ? text.replace(inUrl, `$1${hidden}`) : text);

/** A copy of an answer. Dates and other objects with `toJSON` pass as they are. */
export const maskVisitors = (value: unknown): unknown => {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskVisitors);
  if (typeof value !== 'object' || value === null || 'toJSON' in value || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      visitorName.test(name) && (typeof inner === 'string' || typeof inner === 'number') ? hidden : maskVisitors(inner),
    ]),
  );
};

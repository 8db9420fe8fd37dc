import ipaddr from 'ipaddr.js';
import type { RefusalCode } from './refusal.js';
import { judgeSignature, sameText, signatureOf, type JudgedCall, type SignatureSettings } from './signature.js';

/** Whether a caller is who a network says it is. All means that are switched on must hold; the
 *  first that fails is named. */

export type CallerSecurity = SignatureSettings & {
  requireToken: boolean;
  cidrs: readonly string[];
  secret: { param: string; value: string } | null;
};

type Range = ReturnType<typeof ipaddr.parseCIDR>;
const compiledRanges = new WeakMap<readonly string[], Range[]>();

/** `10.0.0.0/8`, `2001:db8::/32`, or one address. Null: the text is neither. */
export const parseRange = (text: string): Range | null => {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    return null;
  }
};

/** Whether an address lies in one of the ranges. An IPv4 address mapped into IPv6 counts as the
 *  IPv4 address it is. */
export const isAddressIn = (address: string | null, ranges: readonly string[]): boolean => {
  if (address === null || !ipaddr.isValid(address)) return false;
  let compiled = compiledRanges.get(ranges);
  if (!compiled) {
    compiled = ranges.map(parseRange).filter((range) => range !== null);
    compiledRanges.set(ranges, compiled);
  }
  const given = ipaddr.process(address);
  return compiled.some(([base, bits]) => given.kind() === base.kind() && given.match(base, bits));
};

/** What limits count by: an IPv4 address, or the /64 of an IPv6 address, because one customer has a
 *  whole /64. */
export const addressGroup = (address: string | null): string => {
  if (address === null || !address.includes(':') || !ipaddr.isValid(address)) return address ?? '';
  const given = ipaddr.process(address);
  if (given.kind() === 'ipv4') return given.toString();
  return `${(given as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
};

/** More hops than any chain of proxies has; what lies beyond them was written by the caller. */
const maxHops = 20;
const maxHopLength = 60;
const hopForm = /^\[?([0-9a-fA-F:.]{2,45}?)\]?(?::\d{1,5})?$/;

/** The address of the caller, seen through proxies we trust: from the right, the first that is not
 *  one of them. */
export const callerAddress = (
  socketAddress: string | null,
  forwardedFor: string | string[] | undefined,
  trustedProxies: readonly string[],
): string | null => {
  if (trustedProxies.length === 0 || forwardedFor === undefined || !isAddressIn(socketAddress, trustedProxies))
    return socketAddress;
  const header = Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor;
  const hops = header
    .slice(-maxHops * maxHopLength)
    .split(',')
    .slice(-maxHops);
  for (const hop of hops.reverse()) {
    const text = hop.trim();
    const address = ipaddr.isValid(text) ? text : (hopForm.exec(text)?.[1] ?? '');
    if (!ipaddr.isValid(address)) return socketAddress;
    if (!isAddressIn(address, trustedProxies)) return address;
  }
  return socketAddress;
};

const secretIn = (call: JudgedCall, param: string): string =>
  call.parameters.find(({ name }) => name.toLowerCase() === param.toLowerCase())?.value ?? '';

/** Judges the caller of a call that is said to come from a network. `byToken`: it came to the
 *  network's own Postback URL. Null: all means that are switched on hold. */
export const judgeCaller = (
  call: JudgedCall,
  security: CallerSecurity,
  byToken: boolean,
  nowMs: number,
): RefusalCode | null => {
  if (security.cidrs.length > 0 && !isAddressIn(call.address, security.cidrs)) return 'address_not_allowed';
  if (security.secret && !sameText(secretIn(call, security.secret.param), security.secret.value)) return 'secret_wrong';
  const rule = signatureOf(security);
  const refusal = rule && judgeSignature(call, rule, nowMs);
  if (refusal) return refusal;
  return security.requireToken && !byToken ? 'token_required' : null;
};

/** What shows that a call comes from its network, the strongest that is given first. */
export const proofs = ['token', 'address', 'shared-secret', 'signature', 'operator', 'none'] as const;
export type Proof = (typeof proofs)[number];

/** The proof of a call that `judgeCaller` found nothing against. */
export const proofOfCaller = (security: CallerSecurity, byToken: boolean): Proof => {
  if (byToken) return 'token';
  if (signatureOf(security)) return 'signature';
  if (security.secret) return 'shared-secret';
  return security.cidrs.length > 0 ? 'address' : 'none';
};

/** Whether a network wants any proof of its callers. A call whose network is found only later,
 *  through the ledger, was judged by no rule: if the network wants proof, such a call is refused
 *  (`token_required`). */
export const wantsProof = (security: CallerSecurity): boolean =>
  security.requireToken || security.cidrs.length > 0 || security.secret !== null || signatureOf(security) !== null;

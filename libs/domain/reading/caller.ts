import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { Parameter } from './parameters.js';
import type { RefusalCode } from './refusal.js';

/** Whether a caller is who a network says it is. All means that are switched on must hold; the first that fails is named. */

export type CallerSecurity = {
  requireToken: boolean;
  cidrs: readonly string[];
  secret: { param: string; value: string } | null;
  hmac: HmacRule | null;
};

export type HmacRule = {
  algorithm: 'sha1' | 'sha256' | 'sha512' | 'md5';
  encoding: 'hex' | 'base64' | 'base64url';
  param?: string | undefined;
  header?: string | undefined;
  template: string;
  secret: string;
  timestampParam?: string | undefined;
  timestampHeader?: string | undefined;
  toleranceSeconds: number;
};

/** A call as its caller is judged by. `uri` is scheme, host and target as the caller saw them; `target` is path and query. */
export type JudgedCall = {
  uri: string;
  target: string;
  headers: Record<string, string | string[] | undefined>;
  body: Uint8Array | null;
  parameters: readonly Parameter[];
  address: string | null;
};

type Range = ReturnType<typeof ipaddr.parseCIDR>;
const compiledRanges = new WeakMap<readonly string[], Range[]>();

/** `10.0.0.0/8`, `2001:db8::/32`, or one address. Null: it is none. */
export const parseRange = (text: string): Range | null => {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch {
    return null;
  }
};

/** Whether an address lies in one of the ranges. An IPv4 address mapped into IPv6 counts as the IPv4 address it is. */
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

/** The address of the caller, seen through proxies we trust: from the right, the first that is not one of them. */
export const callerAddress = (
  socketAddress: string | null,
  forwardedFor: string | string[] | undefined,
  trustedProxies: readonly string[],
): string | null => {
  if (trustedProxies.length === 0 || forwardedFor === undefined || !isAddressIn(socketAddress, trustedProxies))
    return socketAddress;
  const hops = (Array.isArray(forwardedFor) ? forwardedFor.join(',') : forwardedFor)
    .split(',')
    .map((hop) => hop.trim());
  for (const hop of hops.reverse()) {
    const address = hop.replace(/^\[?([0-9a-fA-F:.]+?)\]?(?::\d+)?$/, (whole, bare: string) =>
      ipaddr.isValid(whole) ? whole : bare,
    );
    if (!ipaddr.isValid(address)) return socketAddress;
    if (!isAddressIn(address, trustedProxies)) return address;
  }
  return socketAddress;
};

const sameText = (given: string, expected: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
};

const valueOf = (call: JudgedCall, param: string | undefined, header: string | undefined): string | null => {
  if (param !== undefined) {
    const lower = param.toLowerCase();
    const found = call.parameters.find(({ name }) => name.toLowerCase() === lower);
    if (found) return found.value;
  }
  const value = header === undefined ? undefined : call.headers[header.toLowerCase()];
  return typeof value === 'string' ? value : null;
};

/** The signature's own parameter is cut out of what is signed: a network signs the URI and then appends the signature. */
const withoutParameter = (text: string, param: string | undefined): string => {
  if (param === undefined) return text;
  const mark = text.indexOf('?');
  if (mark < 0) return text;
  const lower = `${param.toLowerCase()}=`;
  const kept = text
    .slice(mark + 1)
    .split('&')
    .filter((pair) => !pair.toLowerCase().startsWith(lower));
  return kept.length === 0 ? text.slice(0, mark) : `${text.slice(0, mark)}?${kept.join('&')}`;
};

/** The text that is signed, as bytes: a body need not be text. */
const signedBytes = (call: JudgedCall, rule: HmacRule): Buffer => {
  const uri = withoutParameter(call.uri, rule.param);
  const target = withoutParameter(call.target, rule.param);
  const mark = target.indexOf('?');
  const parts = rule.template.split(/(\{[^{}]+\})/).map((part): Uint8Array => {
    if (part === '{uri}') return Buffer.from(uri);
    if (part === '{path}') return Buffer.from(mark < 0 ? target : target.slice(0, mark));
    if (part === '{query}') return Buffer.from(mark < 0 ? '' : target.slice(mark + 1));
    if (part === '{body}') return call.body ?? new Uint8Array();
    if (part === '{timestamp}') return Buffer.from(valueOf(call, rule.timestampParam, rule.timestampHeader) ?? '');
    if (part === '{secret}') return Buffer.from(rule.secret);
    const param = /^\{param:(.+)\}$/.exec(part)?.[1];
    return Buffer.from(param === undefined ? part : (valueOf(call, param, undefined) ?? ''));
  });
  return Buffer.concat(parts);
};

const plainSignature = /^(?:(?:sha1|sha256|sha512|md5|v1)[=,])?(.+)$/i;

const judgeSignature = (call: JudgedCall, rule: HmacRule, nowMs: number): RefusalCode | null => {
  const given = valueOf(call, rule.param, rule.header);
  if (given === null || given === '') return 'signature_missing';
  if (rule.timestampParam !== undefined || rule.timestampHeader !== undefined) {
    const stated = Number(valueOf(call, rule.timestampParam, rule.timestampHeader) ?? NaN);
    const statedMs = stated > 1e11 ? stated : stated * 1000;
    if (!(Math.abs(statedMs - nowMs) <= rule.toleranceSeconds * 1000)) return 'signature_expired';
  }
  const signature = plainSignature.exec(given.trim())?.[1] ?? '';
  const expected = createHmac(rule.algorithm, rule.secret).update(signedBytes(call, rule)).digest(rule.encoding);
  const normal = rule.encoding === 'hex' ? signature.toLowerCase() : signature.replace(/=+$/, '');
  return sameText(normal, expected.replace(/=+$/, '')) ? null : 'signature_wrong';
};

/** Judges the caller of a call that is said to come from a network. `byToken`: it came to the network's special Postback URL.
 *  Null: all that is switched on holds. */
export const judgeCaller = (
  call: JudgedCall,
  security: CallerSecurity,
  byToken: boolean,
  nowMs: number,
): RefusalCode | null => {
  if (security.cidrs.length > 0 && !isAddressIn(call.address, security.cidrs)) return 'address_not_allowed';
  if (security.secret && !sameText(valueOf(call, security.secret.param, undefined) ?? '', security.secret.value))
    return 'secret_wrong';
  const signature = security.hmac && judgeSignature(call, security.hmac, nowMs);
  if (signature) return signature;
  return security.requireToken && !byToken ? 'token_required' : null;
};

/** What shows that a call comes from its network, the strongest that is given first. */
export const proofs = ['token', 'address', 'shared-secret', 'signature', 'operator', 'none'] as const;
export type Proof = (typeof proofs)[number];

/** The proof of a call that `judgeCaller` found nothing against. */
export const proofOfCaller = (security: CallerSecurity, byToken: boolean): Proof => {
  if (byToken) return 'token';
  if (security.hmac) return 'signature';
  if (security.secret) return 'shared-secret';
  return security.cidrs.length > 0 ? 'address' : 'none';
};

/** Whether a network wants any proof of its callers. A call whose network is found only later, through the ledger, was judged by
 *  nobody: if the network wants proof, such a call is refused (`token_required`). */
export const wantsProof = (security: CallerSecurity): boolean =>
  security.requireToken || security.cidrs.length > 0 || security.secret !== null || security.hmac !== null;

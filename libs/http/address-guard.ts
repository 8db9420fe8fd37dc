import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { systemTime } from '#runtime';
import { createNames, type Names, type Resolve } from './names.js';

/** Refuses to connect to addresses that are not on the open internet: a destination's URL is typed
 *  by people, and its name may resolve to a database, a cloud's metadata service or this machine
 *  (SSRF).
 *
 *  The check is made where the connection is made, on the address that is connected to. A check
 *  when the template is saved, or a look-up of our own before the call, can be passed by a name
 *  that answers differently the second time. */

export class ConnectRefused extends Error {
  constructor(
    readonly code: 'address_refused' | 'port_refused',
    message: string,
  ) {
    super(message);
    this.name = 'ConnectRefused';
  }
}

export type AddressGuard = {
  /** Why this address may not be connected to on this port, or null. Takes an address in any
   *  notation. */
  refusalOf: (address: string, port: number) => ConnectRefused | null;
  /** For `net.connect`, per origin: judges a literal at once (throws `ConnectRefused`), and hands
   *  on only those of a name's addresses that are allowed. */
  lookupFor: (origin: URL) => LookupFunction;
};

export type GuardOptions = {
  /** CIDR ranges that the operator allows besides the open internet, whatever the port. */
  allowAddresses: readonly string[];
  /** Ports on the open internet. */
  allowPorts: readonly number[];
  /** Shared by all guards of a process: they share its resolver. */
  names?: Names;
  /** The resolver of a guard that has no `names`; the system's unless a test says otherwise. */
  resolve?: Resolve;
};

/** Public by number, but answered by the cloud's host to each of its machines. */
const metadataAddresses = new Set(['168.63.129.16']);
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/** Only plain global unicast passes. Everything else is named by its range; IPv6 forms that carry
 *  an IPv4 address (mapped, compatible, 6to4, Teredo, NAT64) are refused as such, whichever
 *  address they carry: no ad network needs them. */
const specialRangeOf = (address: ipaddr.IPv4 | ipaddr.IPv6): string | null => {
  const range = address.range();
  if (range !== 'unicast') return range;
  if (address.kind() === 'ipv6') return (address as ipaddr.IPv6).match(globalUnicast) ? null : 'reserved';
  return metadataAddresses.has(address.toString()) ? 'metadata' : null;
};

const addressForm = /(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}/gi;

/** A text in which each address that is not on the open internet is only called so: error texts of
 *  the system name the address behind a name, and people who may see them may not see those. */
export const withoutInternalAddresses = (text: string): string =>
  text.replace(addressForm, (found) => {
    if (!ipaddr.isValid(found)) return found;
    return specialRangeOf(ipaddr.parse(found)) === null ? found : 'an internal address';
  });

const plainAddress = (address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 =>
  address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress()
    ? (address as ipaddr.IPv6).toIPv4Address()
    : address;

/** Says nothing of the address that a name has: who may set up a destination must not be able to
 *  map the network behind us by its names. */
const refusedName = (hostname: string, refused: ConnectRefused | null | undefined): ConnectRefused => {
  if (refused?.code === 'port_refused') return new ConnectRefused(refused.code, `${hostname}: ${refused.message}`);
  const why = refused ? 'its address is not on the open internet' : 'it has no address of a usable family';
  return new ConnectRefused('address_refused', `${hostname}: ${why}`);
};

/** Throws when an allowed range cannot be read. */
export const createAddressGuard = (options: GuardOptions): AddressGuard => {
  const allowed = options.allowAddresses.map((range) => ipaddr.parseCIDR(range));
  const names = options.names ?? createNames(options.resolve ? { resolve: options.resolve } : {});

  const isAllowed = (address: ipaddr.IPv4 | ipaddr.IPv6): boolean =>
    allowed.some(([network, bits]) => network.kind() === address.kind() && address.match([network, bits] as never));

  const read = (text: string) => {
    const bare = text.replace(/^\[|\]$/g, '');
    return ipaddr.isValid(bare) ? ipaddr.parse(bare) : null;
  };

  const refusalOf = (text: string, port: number): ConnectRefused | null => {
    const address = read(text);
    if (address && isAllowed(plainAddress(address))) return null;
    const range = address ? specialRangeOf(address) : 'unreadable';
    if (range) return new ConnectRefused('address_refused', `${text} is not on the open internet (${range})`);
    if (options.allowPorts.includes(port)) return null;
    return new ConnectRefused('port_refused', `port ${port} is not among the allowed ports`);
  };

  const lookupFor = (origin: URL): LookupFunction => {
    const port = origin.port === '' ? (origin.protocol === 'https:' ? 443 : 80) : Number(origin.port);
    const literal = read(origin.hostname) ? refusalOf(origin.hostname, port) : null;
    if (literal) throw literal;
    return (hostname, { all, family }, callback) => {
      names.resolve(hostname, (error, addresses) => {
        if (error) return callback(error, '', 4);
        const ofFamily = family === 4 || family === 6 ? addresses.filter((each) => each.family === family) : addresses;
        const usable = ofFamily.filter(({ address }) => refusalOf(address, port) === null);
        const first = usable[0];
        if (!first) {
          const refused = ofFamily[0] && refusalOf(ofFamily[0].address, port);
          return callback(refusedName(hostname, refused), '', 4);
        }
        return all ? callback(null, usable as never) : callback(null, first.address, first.family);
      });
    };
  };

  return { refusalOf, lookupFor };
};

type OriginVerdict = {
  allowed: boolean;
  /** The failure that an attempt would record. */
  code: ConnectRefused['code'] | 'dns' | null;
  reason: string | null;
};

const judgeWithinMs = 5_000;

/** What the guard would say of an origin now, for people who set one up. The call itself is judged
 *  again at its connect. Answers within five seconds, whatever the name servers do. */
export const judgeOrigin = async (options: GuardOptions, origin: string): Promise<OriginVerdict> => {
  const answered = new AbortController();
  const tooLate = systemTime.wait(judgeWithinMs, answered.signal).then((): OriginVerdict => {
    const reason = `its name servers did not answer within ${judgeWithinMs} ms`;
    return { allowed: false, code: 'dns', reason };
  });
  const verdict = await Promise.race([judge(options, origin), tooLate]);
  answered.abort();
  return verdict;
};

const judge = (options: GuardOptions, origin: string): Promise<OriginVerdict> =>
  new Promise((answer) => {
    const refuse = (thrown: unknown, code: OriginVerdict['code']): void =>
      answer({
        allowed: false,
        code: thrown instanceof ConnectRefused ? thrown.code : code,
        reason: thrown instanceof Error ? thrown.message : String(thrown),
      });
    const allow = (): void => answer({ allowed: true, code: null, reason: null });
    try {
      const url = new URL(origin);
      const hostname = url.hostname.replace(/^\[|\]$/g, '');
      const lookup = createAddressGuard(options).lookupFor(url);
      if (ipaddr.isValid(hostname)) allow();
      else lookup(hostname, { all: true }, (error) => (error === null ? allow() : refuse(error, 'dns')));
    } catch (thrown) {
      refuse(thrown, 'address_refused');
    }
  });

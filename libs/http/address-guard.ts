import { lookup as systemLookup, type LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

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
  /** Names to addresses; the system's resolver unless a test says otherwise. */
  resolve?: (hostname: string, answer: (error: Error | null, addresses: LookupAddress[]) => void) => void;
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

const plainAddress = (address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | ipaddr.IPv6 =>
  address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress()
    ? (address as ipaddr.IPv6).toIPv4Address()
    : address;

type Resolve = NonNullable<GuardOptions['resolve']>;

const systemResolve: Resolve = (hostname, answer) => systemLookup(hostname, { all: true }, answer);

/** A name is looked up once at a time, for all who ask meanwhile. The system's resolver has four
 *  threads for the whole process: four calls to one name whose server does not answer held them
 *  all, and no other destination got a connection (P7). */
const onceAtATime = (resolve: Resolve): Resolve => {
  const asking = new Map<string, Parameters<Resolve>[1][]>();
  return (hostname, answer) => {
    const before = asking.get(hostname);
    if (before) return void before.push(answer);
    const waiting = [answer];
    asking.set(hostname, waiting);
    resolve(hostname, (error, addresses) => {
      asking.delete(hostname);
      for (const each of waiting) each(error, addresses);
    });
  };
};

/** Throws when an allowed range cannot be read. */
export const createAddressGuard = (options: GuardOptions): AddressGuard => {
  const allowed = options.allowAddresses.map((range) => ipaddr.parseCIDR(range));
  const resolve = onceAtATime(options.resolve ?? systemResolve);

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
      resolve(hostname, (error, addresses) => {
        if (error) return callback(error, '', 4);
        const ofFamily = family === 4 || family === 6 ? addresses.filter((each) => each.family === family) : addresses;
        const usable = ofFamily.filter(({ address }) => refusalOf(address, port) === null);
        const first = usable[0];
        if (!first) {
          const refused = ofFamily[0] && refusalOf(ofFamily[0].address, port);
          const message = `${hostname}: ${refused?.message ?? 'no address of a usable family'}`;
          return callback(new ConnectRefused(refused?.code ?? 'address_refused', message), '', 4);
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

/** What the guard would say of an origin now, for people who set one up. The call itself is judged
 *  again at its connect. */
export const judgeOrigin = (options: GuardOptions, origin: string): Promise<OriginVerdict> =>
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

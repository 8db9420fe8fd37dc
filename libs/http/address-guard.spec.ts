import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import { createAddressGuard, judgeOrigin, withoutInternalAddresses, type GuardOptions } from './address-guard.js';

const options: GuardOptions = { allowAddresses: [], allowPorts: [80, 443, 8080, 8443] };
const resolvesTo =
  (...addresses: string[]): NonNullable<GuardOptions['resolve']> =>
  (_hostname, answer) =>
    answer(
      null,
      addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

/** Whatever a name is, it is judged by what it resolves to; so a name here resolves as the
 *  system's resolver reads old notations. */
const judge = async (host: string, more: Partial<GuardOptions> = {}): Promise<string | null> => {
  const { allowed, reason } = await judgeOrigin(
    { ...options, resolve: resolvesTo('127.0.0.1'), ...more },
    `http://${host}/`,
  );
  return allowed ? null : (reason ?? 'refused');
};

/** This machine, in the notations that browsers, C libraries and attackers know. */
const loopback =
  '127.0.0.1 127.0.0.1. 127.1 127.0.1 127.255.255.254 0177.0.0.1 0177.1 0x7f.0.0.1 0x7f.1 0x7f000001 0X7F.0X0.0X0.0X1 017700000001 2130706433 ' +
  '0000000000000000000000177.0.0.1 0x000000007f.0.0.1 %31%32%37.0.0.1 127。0。0。1 127.0。0.1 １２７.0.0.1 ①②⑦.⓪.⓪.① ' +
  'localhost LOCALHOST localhost. sub.localhost lvh.me 127.0.0.1.nip.io ⓛocalhost [::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] ' +
  '[::0001] [0::1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:7F00:0001] [0:0:0:0:0:ffff:127.0.0.1] [::127.0.0.1] [::7f00:1] ' +
  '[64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::] [::ffff:0:127.0.0.1]';
const privateNetworks =
  '10.0.0.1 10.255.255.255 012.0.0.1 0xa.0.0.1 167772161 10.1 172.16.0.1 172.31.255.255 0xac.0x10.0.1 2886729729 192.168.0.1 192.168.255.255 ' +
  '192.168.1 0300.0250.0.1 0xc0a80001 3232235521 [fc00::1] [fd00::1] [fdff:ffff::1] [::ffff:10.0.0.1] [::ffff:a00:1] [::ffff:192.168.0.1] ' +
  '[2002:a00:1::] [2002:c0a8:1::1] [64:ff9b::10.0.0.1] [fec0::1] [feff::1]';
const linkLocalAndMetadata =
  '169.254.0.1 169.254.169.254 0xa9fea9fe 2852039166 0251.0376.0251.0376 169.254.43518 [fe80::1] [febf::1] [::ffff:169.254.169.254] ' +
  '[::ffff:a9fe:a9fe] [2002:a9fe:a9fe::] [64:ff9b::a9fe:a9fe] [fd00:ec2::254] 100.100.100.200 168.63.129.16 192.0.0.192 192.0.0.170';
const elsewhereSpecial =
  '0.0.0.0 0 0x0 00 0.0.0.1 0.255.255.255 100.64.0.1 100.127.255.255 192.0.0.1 192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 ' +
  '224.0.0.1 239.255.255.255 240.0.0.1 250.1.2.3 255.255.255.255 0xffffffff 4294967295 [::] [0:0:0:0:0:0:0:0] [::ffff:0.0.0.0] [ff02::1] [ff0e::1] ' +
  '[100::1] [2001:db8::1] [2001:10::1] [2001:2::1] [2002::1] [3fff::1] [4000::1] [5f00::1]';
const table = [loopback, privateNetworks, linkLocalAndMetadata, elsewhereSpecial].flatMap((text) => text.split(' '));

describe('the address guard', () => {
  it('is tested with at least a hundred notations', () => {
    expect(new Set(table).size).toBeGreaterThanOrEqual(100);
  });

  it.each(table)('refuses %s', async (host) => {
    expect(await judge(host)).not.toBeNull();
  });

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '[2606:4700::1111]',
    '[2a00:1450::1]',
  ])('lets %s pass', async (host) => {
    expect(await judge(host)).toBeNull();
  });

  it('judges a name by every address it has, and connects to none that is refused', async () => {
    expect(await judge('ads.example', { resolve: resolvesTo('93.184.216.34') })).toBeNull();
    expect(await judge('ads.example', { resolve: resolvesTo('10.0.0.7') })).toBe(
      'ads.example: its address is not on the open internet',
    );
    const { lookupFor } = createAddressGuard({ ...options, resolve: resolvesTo('10.0.0.7', '93.184.216.34', '::1') });
    const given = await new Promise((resolve) => {
      lookupFor(new URL('http://ads.example'))('ads.example', { all: true }, (_error, addresses) => resolve(addresses));
    });
    expect(given).toEqual([{ address: '93.184.216.34', family: 4 }]);
  });

  it('judges again at each connect, so a name that answers differently the second time gains nothing', async () => {
    const answers = ['93.184.216.34', '127.0.0.1'];
    const resolve: GuardOptions['resolve'] = (hostname, answer) =>
      resolvesTo(answers.shift() ?? '127.0.0.1')(hostname, answer);
    const lookup = createAddressGuard({ ...options, resolve }).lookupFor(new URL('http://ads.example'));
    const connect = () =>
      new Promise((settle) =>
        lookup('ads.example', { all: false }, (error, address) => settle(error?.message ?? address)),
      );
    expect(await connect()).toBe('93.184.216.34');
    expect(await connect()).toBe('ads.example: its address is not on the open internet');
  });

  it('allows what the operator allows, in every notation of it and on any port, and nothing else', async () => {
    const allowAddresses = ['127.0.0.0/8', 'fd00::/8'];
    for (const host of ['127.0.0.1:9999', '0x7f.1', 'localhost:4000', '[::ffff:127.0.0.1]', '[fd12::1]:81'])
      expect(await judge(host, { allowAddresses })).toBeNull();
    for (const host of ['10.0.0.1', '[::1]', '169.254.169.254'])
      expect(await judge(host, { allowAddresses })).not.toBeNull();
  });

  it('never says which address a name has: not for a name, and not in an error text of the system', async () => {
    for (const address of ['10.0.0.7', '169.254.169.254', 'fd00::7', '::ffff:10.0.0.7'])
      expect(await judge('intern.example', { resolve: resolvesTo(address) })).not.toContain(address);
    for (const [text, shown] of [
      ['connect ECONNREFUSED 10.0.0.7:5432', 'connect ECONNREFUSED an internal address:5432'],
      [
        'connect EHOSTUNREACH fd00::7:80 - Local (::1:0)',
        'connect EHOSTUNREACH an internal address - Local (an internal address)',
      ],
      ["IP: 192.168.1.9 is not in the cert's list: ", "IP: an internal address is not in the cert's list: "],
      ['connect ECONNREFUSED 93.184.216.34:443', 'connect ECONNREFUSED 93.184.216.34:443'],
      ['no head of an answer within 12:30:45', 'no head of an answer within 12:30:45'],
    ] as const)
      expect(withoutInternalAddresses(text)).toBe(shown);
  });

  it.each([
    ['93.184.216.34:22', 'port 22'],
    ['93.184.216.34:6379', 'port 6379'],
    ['93.184.216.34:8443', null],
  ])('knows which ports are ad networks’: %s', async (host, refusal) => {
    if (refusal === null) expect(await judge(host)).toBeNull();
    else expect(await judge(host)).toContain(refusal);
    const named = host.replace('93.184.216.34', 'ads.example');
    expect((await judge(named, { resolve: resolvesTo('93.184.216.34') })) === null).toBe(refusal === null);
  });

  it('answers in time about a name whose servers are silent', async () => {
    const startedAt = performance.now();
    const silent: GuardOptions['resolve'] = () => undefined;
    expect(await judge('silent.example', { resolve: silent })).toMatch(/did not answer within 5000 ms/);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  }, 10_000);

  it('says so when a name has no address', async () => {
    const resolve: GuardOptions['resolve'] = (_hostname, answer) =>
      answer(Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' }), []);
    expect(await judge('nowhere.example', { resolve })).toBe('ENOTFOUND');
  });
});

describe('what is said of a destination that cannot be called', () => {
  it('distinguishes a name that does not resolve, a port and an address', async () => {
    const codeOf = async (origin: string) => (await judgeOrigin(options, origin)).code;
    expect(await codeOf('http://nowhere.invalid')).toBe('dns');
    expect(await codeOf('http://8.8.8.8:25')).toBe('port_refused');
    expect(await codeOf('http://10.0.0.1')).toBe('address_refused');
    expect(await codeOf('http://8.8.8.8')).toBeNull();
  });
});

import { createHmac } from 'node:crypto';
import type { NetworkSettings } from '#contracts';

/** The table of proof: each way in which a call shows that it comes from its network, and none, by
 *  each thing that a call may want. The test plays it over HTTP and renders what it saw. */

const secret = 'a key that only the network has';
const noProof = { requireToken: false, cidrs: [] as string[], secret: null, signature: null, hmac: null };
const hmac: NonNullable<NetworkSettings['security']['hmac']> = {
  algorithm: 'sha256',
  encoding: 'hex',
  param: 'sig',
  template: '{query}',
  secret,
  toleranceSeconds: 300,
};

/** Networks by the proof that they want. */
export const proofNetworks = {
  'proof-none': noProof,
  'proof-token': { ...noProof, requireToken: true },
  'proof-address': { ...noProof, cidrs: ['203.0.113.0/24'] },
  'proof-secret': { ...noProof, secret: { param: 'pass', value: secret } },
  'proof-signature': { ...noProof, hmac },
} satisfies Record<string, NetworkSettings['security']>;
type ProofNetwork = keyof typeof proofNetworks;

export type ProofCall = { path: string; address: string | null };
type Way = (token: string, query: string) => ProofCall;

const signed = (key: string, query: string): string => createHmac('sha256', key).update(query).digest('hex');
const plain: Way = (_token, query) => ({ path: `/postback?${query}`, address: null });
const byToken: Way = (token, query) => ({ path: `/postback/${token}?${query}`, address: null });
const from =
  (address: string): Way =>
  (token, query) => ({ ...plain(token, query), address });
const withSecret =
  (value: string): Way =>
  (token, query) =>
    plain(token, `${query}&pass=${encodeURIComponent(value)}`);
const signedBy =
  (key: string): Way =>
  (token, query) =>
    plain(token, `${query}&sig=${signed(key, query)}`);

/** One column. `before`: how the call that stated the conversion before it was sent; `way`: how the
 *  call in question is sent. */
export type ProofColumn = { title: string; network: ProofNetwork; before: Way; way: Way };

export const proofColumns: readonly ProofColumn[] = [
  { title: 'none, on what only strangers stated', network: 'proof-none', before: plain, way: plain },
  { title: 'none, on what the network stated', network: 'proof-none', before: byToken, way: plain },
  { title: 'token', network: 'proof-token', before: byToken, way: byToken },
  { title: 'address', network: 'proof-address', before: from('203.0.113.7'), way: from('203.0.113.7') },
  { title: 'shared secret', network: 'proof-secret', before: withSecret(secret), way: withSecret(secret) },
  { title: 'signature', network: 'proof-signature', before: signedBy(secret), way: signedBy(secret) },
];
export const wrongColumns: readonly ProofColumn[] = [
  { title: 'no token', network: 'proof-token', before: byToken, way: plain },
  { title: 'wrong token', network: 'proof-token', before: byToken, way: (_token, query) => byToken('guess', query) },
  { title: 'other address', network: 'proof-address', before: from('203.0.113.7'), way: from('198.51.100.7') },
  { title: 'wrong secret', network: 'proof-secret', before: withSecret(secret), way: withSecret('guess') },
  { title: 'wrong signature', network: 'proof-signature', before: signedBy(secret), way: signedBy('guess') },
];

/** What a call wants. `before`: what was stated, on click `a`; null: nothing. `then`: what the
 *  network itself states after it, where that is the question. */
type ProofAction = { title: string; before: string | null; call: string; on: 'a' | 'b'; then?: string };

export const proofActions: readonly ProofAction[] = [
  { title: 'open', before: null, call: 'amount=5&status=pending', on: 'a' },
  { title: 'confirm', before: 'amount=5&status=pending', call: 'amount=5&status=approved', on: 'a' },
  { title: 'raise', before: 'amount=5&status=pending', call: 'amount=8&status=pending', on: 'a' },
  { title: 'lower', before: 'amount=5&status=pending', call: 'amount=3&status=pending', on: 'a' },
  { title: 'move', before: 'amount=5&status=pending', call: 'amount=5&status=pending', on: 'b' },
  { title: 'reject', before: 'amount=5&status=pending', call: 'status=rejected', on: 'a' },
  { title: 'reverse', before: 'amount=5&status=approved', call: 'status=reversed', on: 'a' },
  { title: 'block', before: null, call: 'amount=1&status=pending', on: 'b', then: 'amount=5&status=approved' },
  { title: 'mute', before: 'amount=5&status=pending', call: 'amount=5&status=approved&disable_postback=1', on: 'a' },
  { title: 'test', before: 'amount=5&status=pending', call: 'amount=5&status=approved&test=1', on: 'a' },
];

/** What the system did: the answer if it is not 200, what the log says, the conversion after it. */
export type ProofCell = { status: number; said: string; conversion: string };

const shown = ({ status, said, conversion }: ProofCell): string =>
  `${status === 200 ? '' : `${status} `}\`${said}\`: ${conversion}`;

const tableOf = (columns: readonly ProofColumn[], cellOf: (column: string, action: string) => ProofCell): string[] => [
  `| | ${columns.map(({ title }) => title).join(' | ')} |`,
  `| --- |${' --- |'.repeat(columns.length)}`,
  ...proofActions.map(
    ({ title }) => `| ${title} | ${columns.map((column) => shown(cellOf(column.title, title))).join(' | ')} |`,
  ),
];

/** The page `docs/reference/proof.md`. */
export const proofPage = (cellOf: (column: string, action: string) => ProofCell): string =>
  [
    '# What a call may do, by its proof',
    '',
    'Written by `test/e2e/attribution-sequences.e2e.spec.ts`, which plays each cell over HTTP through the running',
    'system. A cell says the answer where it is not 200, what the log says of the call, and state and money of the',
    'conversion after it. Before it the conversion has 5, pending (to be reversed: approved). *move* names another',
    'click; *block* uses a transaction id first, on another click, and the cell shows the call by which the network',
    'then states the real sale; *mute* sets `disable_postback=1`; *test* sets `test=1`. The rules are in',
    '[conversions](../CONVERSIONS.md#proof).',
    '',
    '## With proof, and without',
    '',
    ...tableOf(proofColumns, cellOf),
    '',
    '## With a proof that does not hold',
    '',
    ...tableOf(wrongColumns, cellOf),
    '',
  ].join('\n');

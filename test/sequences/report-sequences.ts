import { at, bare, conversion, one, type Sequence } from './sequence.js';

/** Reports as networks really send them: corrections that carry the time of the sale, orders of
 *  several lines, coins beside money, other currencies, templates of other trackers. */

const sale = '&occurred_at={h-1}';
const lines = (...given: [id: string, amount: string][]) =>
  given.map(([id, amount]) => one(`amount=${amount}&line_id=${id}&status=approved${sale}`));

export const reportSequences: Sequence[] = [
  {
    name: 'a refund that carries the time of the sale',
    calls: [one(`amount=6.75&status=approved${sale}`), one(`amount=-6.75&status=approved${sale}`)],
    log: ['applied', 'applied'],
    conversions: [conversion('reversed', { reversed: '6.75' })],
  },
  {
    name: 'a partial refund that carries the time of the sale',
    calls: [one(`amount=6.75${sale}`), one(`amount=-2${sale}`)],
    log: ['applied', 'applied'],
    conversions: [conversion('approved', { approved: '4.75', reversed: '2' })],
  },
  {
    name: 'an approval after a rejection, all with the time of the sale',
    calls: ['pending', 'rejected', 'approved'].map((word) => one(`amount=3&status=${word}${sale}`)),
    log: ['applied', 'applied', 'applied'],
    conversions: [conversion('approved', { approved: '3' })],
  },
  {
    name: 'four weekly reports of one sale, an old one sent by mistake among them',
    calls: ['10&status=pending', '8&status=approved', '8&status=pending', '9&status=approved'].map((said) =>
      one(`amount=${said}${sale}`),
    ),
    log: ['applied', 'applied', 'duplicate', 'applied'],
    conversions: [conversion('approved', { approved: '9' })],
  },
  {
    name: 'a network whose stated time is the sale’s orders nothing by it',
    network: { timeOf: 'sale' },
    calls: [one('amount=10&status=approved&occurred_at={h-1}'), one('amount=8&status=approved&occurred_at={h-2}')],
    log: ['applied', 'applied'],
    conversions: [conversion('approved', { approved: '8' })],
  },
  {
    name: 'a reversal that is dated in 2099 is no later than the approval that follows it',
    calls: [one('amount=5&status=approved&occurred_at=2099-01-01'), one('status=reversed')],
    log: ['applied', 'applied'],
    conversions: [conversion('reversed', { reversed: '5' })],
  },
  {
    name: 'two equal items of one order, the second sent twice',
    calls: lines(['1', '5.10'], ['2', '5.10'], ['2', '5.10']),
    log: ['applied', 'applied', 'duplicate'],
    conversions: [conversion('approved', { approved: '10.2' })],
  },
  {
    name: 'a voucher line that comes before the goods',
    network: { amountFormat: 'dot' },
    calls: lines(['v', '-0.187'], ['g', '1.248']),
    log: ['applied', 'applied'],
    conversions: [conversion('approved', { approved: '1.061', reversed: '0.187' })],
  },
  {
    name: 'two equal corrections of one order',
    calls: lines(['9001', '8.00'], ['9002', '-2.00'], ['9003', '-2.00']),
    log: ['applied', 'applied', 'applied'],
    conversions: [conversion('approved', { approved: '4', reversed: '4' })],
  },
  {
    name: 'a line that is returned whole reverses the order',
    calls: lines(['1', '6.75'], ['2', '-6.75']),
    log: ['applied', 'applied'],
    conversions: [conversion('reversed', { reversed: '6.75' })],
  },
  {
    name: 'a payout in USDT keeps its own currency',
    calls: [one('amount=12.5&currency=USDT')],
    log: ['applied'],
    conversions: [{ ...conversion('approved', { approved: '12.5' }), currency: 'USDT' }],
  },
  {
    name: 'a payout in bitcoin keeps its decimals',
    calls: [one('amount=0.00001234&currency=BTC')],
    log: ['applied'],
    conversions: [{ ...conversion('approved', { approved: '0.00001234' }), currency: 'BTC' }],
  },
  {
    name: 'a comma before three digits is no decimal point in yen',
    calls: [one('amount=17,000&currency=JPY')],
    log: ['applied'],
    conversions: [{ ...conversion('approved', { approved: '17000' }), currency: 'JPY' }],
  },
  {
    name: 'a point before three digits is no decimal point in rupiah',
    calls: [one('amount=17.000&currency=IDR')],
    log: ['applied'],
    conversions: [{ ...conversion('approved', { approved: '17000' }), currency: 'IDR' }],
  },
  {
    name: 'an amount in coins beside the payout is not the money',
    calls: [one('amount=360&payout_usd=0.36')],
    log: ['applied'],
    conversions: [conversion('approved', { approved: '0.36' })],
  },
  {
    name: 'a price alone is not booked as the payout',
    calls: [one('price=150.00')],
    log: ['applied'],
    conversions: [conversion('approved', null, { marks: ['money_unknown'] })],
  },
  {
    name: 'a revoke with a negative amount is not paid twice',
    calls: [one('amount=10'), one('status=reversed&amount=-10'), one('status=reversed&amount=-10')],
    log: ['applied', 'applied', 'duplicate'],
    conversions: [conversion('reversed', { reversed: '10' })],
  },
  {
    name: 'a reversal that states the whole amount takes it back once',
    calls: [one('amount=10'), one('status=reversed&amount=10'), one('status=reversed&amount=10')],
    log: ['applied', 'applied', 'duplicate'],
    conversions: [conversion('reversed', { reversed: '10' })],
  },
  {
    name: 'an approval of minus the amount takes it back',
    calls: [one('amount=10&status=approved'), one('amount=-10&status=approved')],
    log: ['applied', 'applied'],
    conversions: [conversion('reversed', { reversed: '10' })],
  },
  {
    name: 'a reversal that pays nothing takes everything back',
    calls: [one('amount=10'), one('status=reversed&payout=0')],
    log: ['applied', 'applied'],
    conversions: [conversion('reversed', { reversed: '10' })],
  },
  {
    name: 'a coin that is written beside the amount is its currency',
    calls: [one('amount=12.5%20USDT')],
    log: ['applied'],
    conversions: [{ ...conversion('approved', { approved: '12.5' }), currency: 'USDT' }],
  },
  {
    name: 'a network that pays in a coin needs no currency in its calls',
    network: { defaultCurrency: 'USDT' },
    calls: [one('amount=12.5')],
    log: ['applied'],
    conversions: [{ ...conversion('approved', { approved: '12.5' }), currency: 'USDT' }],
  },
  ...[
    ['0,91', '0.91'],
    ['79,00', '79'],
    ['1%20250,50', '1250.5'],
    ["1'250.50", '1250.5'],
  ].map(([written, meant]) => ({
    name: `an amount written ${decodeURIComponent(written ?? '')}`,
    calls: [one(`amount=${written}&currency=EUR`)],
    log: ['applied'],
    conversions: [{ ...conversion('approved', { approved: meant ?? '' }), currency: 'EUR' }],
  })),
  {
    name: 'a chargeback of a part takes back that part',
    calls: [one('amount=10'), one('status=chargeback&amount=-4')],
    log: ['applied', 'applied'],
    conversions: [conversion('approved', { approved: '6', reversed: '4' })],
  },
  {
    name: 'a template made for Keitaro that kept its parameters and came to our own address',
    network: { dropIns: ['keitaro'] },
    calls: ['subid={a}&tid={t}A&payout=4&status=paid&lead_status=hold&sale_status=paid,done'],
    log: ['applied'],
    conversions: [conversion('approved', { approved: '4' })],
  },
];

const open = { security: { requireToken: false, cidrs: [], secret: null, signature: null, hmac: null } };
const plain = (call: string) => `plain ${call}`;
const asStranger = (name: string, second: string, log: string, result: Sequence['conversions'][number]): Sequence => ({
  name: `without proof: ${name}`,
  network: open,
  calls: [plain(one('amount=5&status=pending')), plain(second)],
  log: ['applied', log],
  conversions: [result],
});
const onProven = (name: string, second: string): Sequence => ({
  name: `without proof, on what a proven call stated: ${name}`,
  network: open,
  calls: [one('amount=5&status=approved'), plain(second)],
  log: ['applied', 'proof_required'],
  conversions: [conversion('approved', { approved: '5' })],
});
const pending5 = conversion('pending', { pending: '5' });

/** The table of proof: what a call without proof does to a conversion. */
export const proofSequences: Sequence[] = [
  asStranger('confirms', one('amount=5&status=approved'), 'applied', conversion('approved', { approved: '5' })),
  asStranger('raises', one('amount=8&status=pending'), 'applied', conversion('pending', { pending: '8' })),
  asStranger('does not lower', one('amount=3&status=pending'), 'proof_required', pending5),
  asStranger('does not reject', one('status=rejected'), 'proof_required', pending5),
  asStranger('does not reverse', one('status=reversed'), 'proof_required', pending5),
  asStranger('does not take a part back', one('amount=-1'), 'proof_required', pending5),
  asStranger('does not move', at('b', 'A', 'amount=9'), 'transaction_on_other_click', pending5),
  asStranger('does not mute', one('amount=5&status=approved&disable_postback=1'), 'proof_required', pending5),
  asStranger('does not mark as a test', one('amount=5&test=1'), 'proof_required', pending5),
  asStranger('names its click', bare('status=approved'), 'proof_required', pending5),
  {
    name: 'without proof: an order number alone waits for no sale',
    network: open,
    calls: [plain(bare('amount=5&status=approved'))],
    log: ['proof_required'],
    conversions: [],
  },
  {
    name: 'without proof: an order number used on another click keeps no follow-up from its sale',
    network: { ...open, identity: 'click+transaction' },
    calls: [plain(at('b', 'A', 'amount=1&status=pending')), one('amount=10&status=approved'), bare('status=reversed')],
    log: ['applied', 'applied', 'applied'],
    conversions: [conversion('pending', { pending: '1' }), conversion('reversed', { reversed: '10' })],
  },
  onProven('does not re-price', one('amount=0.01&status=approved')),
  onProven('does not raise', one('amount=500&status=approved')),
  onProven('does not reverse', one('status=reversed')),
  onProven('does not reject by the id alone', bare('status=rejected')),
  {
    name: 'without proof: a transaction id taken first does not keep the real sale out',
    network: open,
    calls: [plain(at('b', 'A', 'amount=0.01&status=pending')), one('amount=10&status=approved')],
    log: ['transaction_on_other_click', 'applied'],
    conversions: [conversion('approved', { approved: '10' })],
  },
];

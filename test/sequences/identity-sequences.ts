import { at, bare, conversion, one, type Sequence } from './sequence.js';

/** What makes two calls speak of one conversion, and what its click says. */
export const identities: Sequence[] = [
  {
    name: 'a follow-up with only the transaction id',
    calls: [one('amount=10&status=pending'), bare('status=approved')],
    log: ['applied', 'applied'],
    conversions: [conversion('approved', { approved: '10' })],
  },
  {
    name: 'two sales on one click',
    calls: [at('a', 'A', 'amount=10'), at('a', 'B', 'amount=20')],
    log: ['applied', 'applied'],
    conversions: [
      conversion('approved', { approved: '10' }),
      conversion('approved', { approved: '20' }, { transaction: 'B' }),
    ],
  },
  {
    name: 'two equal sales on one click without a transaction id are one',
    calls: ['clickid={a}&amount=10', 'clickid={a}&amount=10'],
    log: ['applied', 'duplicate'],
    conversions: [conversion('approved', { approved: '10' }, { transaction: '-' })],
  },
  {
    name: 'a transaction id of 0 is none',
    calls: ['clickid={a}&transaction_id=0&amount=10', 'clickid={b}&transaction_id=0&amount=20'],
    log: ['applied', 'applied'],
    conversions: [
      conversion('approved', { approved: '10' }, { transaction: '-' }),
      conversion('approved', { approved: '20' }, { transaction: '-' }),
    ],
  },
  {
    name: 'different events of one click without transaction ids are different conversions',
    calls: ['clickid={a}&event=signup&amount=1', 'clickid={a}&event=deposit&amount=20'],
    log: ['applied', 'applied'],
    conversions: [
      conversion('approved', { approved: '1' }, { transaction: '-', event: 'signup' }),
      conversion('approved', { approved: '20' }, { transaction: '-', event: 'deposit' }),
    ],
  },
  {
    name: 'one transaction id with several events, where events count',
    network: { identity: 'transaction+event' },
    calls: [one('event=signup&amount=1'), one('event=deposit&amount=20'), bare('event=deposit&status=rejected')],
    log: ['applied', 'applied', 'applied'],
    conversions: [
      conversion('approved', { approved: '1' }, { event: 'signup' }),
      conversion('reversed', { reversed: '20' }, { event: 'deposit' }),
    ],
  },
  {
    name: 'one transaction id on two clicks is refused',
    calls: [at('a', 'A', 'amount=10'), at('b', 'A', 'amount=10')],
    log: ['applied', 'transaction_on_other_click'],
    conversions: [conversion('approved', { approved: '10' })],
  },
  {
    name: 'one transaction id on two clicks, where ids are unique within a click only',
    network: { identity: 'click+transaction' },
    calls: [at('a', 'A', 'amount=10'), at('b', 'A', 'amount=20')],
    log: ['applied', 'applied'],
    conversions: [conversion('approved', { approved: '10' }), conversion('approved', { approved: '20' })],
  },
  {
    name: 'a bare follow-up of a transaction id that two clicks have is refused',
    network: { identity: 'click+transaction' },
    calls: [at('a', 'A', 'amount=10'), at('b', 'A', 'amount=20'), bare('status=rejected')],
    log: ['applied', 'applied', 'transaction_ambiguous'],
    conversions: [conversion('approved', { approved: '10' }), conversion('approved', { approved: '20' })],
  },
  {
    name: 'one conversion per click, whatever the transaction ids',
    network: { identity: 'click' },
    calls: [at('a', 'A', 'amount=10'), at('a', 'B', 'amount=12')],
    log: ['applied', 'applied'],
    conversions: [conversion('approved', { approved: '12' })],
  },
  {
    name: 'one conversion per click and event',
    network: { identity: 'click+event' },
    calls: [at('a', 'A', 'event=lead&amount=10'), at('a', 'B', 'event=lead&amount=10')],
    log: ['applied', 'duplicate'],
    conversions: [conversion('approved', { approved: '10' }, { event: 'lead' })],
  },
  {
    name: 'transaction ids that differ in case or leading zeros are different',
    calls: [at('a', 'x', 'amount=1'), at('a', 'X', 'amount=2'), at('a', '0x', 'amount=3')],
    log: ['applied', 'applied', 'applied'],
    conversions: [
      conversion('approved', { approved: '1' }, { transaction: 'x' }),
      conversion('approved', { approved: '2' }, { transaction: 'X' }),
      conversion('approved', { approved: '3' }, { transaction: '0x' }),
    ],
  },
  {
    name: 'our click id echoed as the transaction id',
    calls: ['transaction_id={a}&amount=10&status=approved'],
    log: ['applied'],
    conversions: [conversion('approved', { approved: '10' }, { transaction: '-' })],
  },
  {
    name: 'a conversion outside the window is kept and marked late',
    offer: { windowDays: 0.1 },
    calls: [one('amount=10')],
    log: ['applied'],
    conversions: [conversion('approved', { approved: '10' }, { marks: ['late'] })],
  },
  {
    name: 'a conversion that happened inside the window is not late when it is reported late',
    offer: { windowDays: 0.1 },
    calls: [one('amount=10&occurred_at={h-2}')],
    log: ['applied'],
    conversions: [conversion('approved', { approved: '10' })],
  },
  {
    name: 'a conversion within seconds of its click is marked too early',
    offer: { minSeconds: 3600 },
    clickAgeSeconds: 60,
    calls: [one('amount=10')],
    log: ['applied'],
    conversions: [conversion('approved', { approved: '10' }, { marks: ['too_early'] })],
  },
  {
    name: 'a pending conversion of an offer with a hold is marked held',
    offer: { holdDays: 14 },
    calls: [one('amount=10&status=pending')],
    log: ['applied'],
    conversions: [conversion('pending', { pending: '10' }, { marks: ['held'] })],
  },
];

import type { CatalogFixture } from '../e2e/intake-ground.js';

/** What the fuzz cases call: a network by token, one that signs, one with drop-in endpoints. */
export const fuzzFixture: CatalogFixture = {
  networks: [
    { key: 'acme', statusMap: { constructor: 'rejected', '2': 'approved' }, reversalPrefix: 'R-' },
    {
      key: 'signs',
      security: {
        hmac: {
          algorithm: 'sha256',
          encoding: 'hex',
          param: 'sig',
          template: '{param:txid}|{param:payout}',
          secret: 'the key of the network',
          toleranceSeconds: 300,
        },
      },
    },
    {
      key: 'moved',
      dropIns: ['keitaro', 'binom', 'tune'],
      params: { transactionId: ['data.order.id', 'payload>order.id', 'txid'] },
    },
  ],
  sources: [{ key: 'ads', externalIdParam: 'sid', tokens: { zone: 'zone' } }],
  offers: [
    { key: 'shoes', networkKey: 'acme', url: 'https://offer.example.com/?aff_sub={click_id}&z={token.zone}' },
    { key: 'bags', networkKey: 'signs', url: 'https://offer.example.com/?aff_sub={click_id}' },
  ],
  campaigns: [
    { key: 'spring', sourceKey: 'ads', offers: [{ offerKey: 'shoes' }] },
    { key: 'autumn', sourceKey: 'ads', offers: [{ offerKey: 'bags' }] },
  ],
};

import { money, refunds, repeats } from './amount-sequences.js';
import { edges } from './edge-sequences.js';
import { identities } from './identity-sequences.js';
import { modes } from './mode-sequences.js';
import { proofSequences, reportSequences } from './report-sequences.js';
import type { Sequence } from './sequence.js';
import { order, states } from './state-sequences.js';

export const sequences: readonly Sequence[] = [
  ...states,
  ...order,
  ...repeats,
  ...refunds,
  ...money,
  ...identities,
  ...modes,
  ...edges,
  ...reportSequences,
  ...proofSequences,
];

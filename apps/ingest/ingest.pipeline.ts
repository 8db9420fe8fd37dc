import { partitionKeyOf } from '#domain';
import { failPoint } from '#runtime';
import { answerTo, limited, unavailable } from './answer.js';
import { openClick } from './open-click.js';
import type { Answer, Ports, PostbackCall, Redirect, Visit } from './ports.js';
import { isRefusedGarbage, readCall } from './read-call.js';
import { takeApart } from './take-apart.js';
import { findOrigin, isGarbage } from './whose-call.js';

/** Ingest: every visit and every postback enters here.
 *
 *  Reads HTTP and the catalog. Writes carom.clicks.v1 and carom.postbacks.v1. Promises P1 (durable
 *  before OK), P9 (a redirect waits for nothing), P11 (strangers are harmless) and the start of P2.
 *
 *  If it dies
 *  - before a record is durable: the network has no answer and sends the call again. A visitor is
 *    at the offer already, and the click id in the offer's URL still names its campaign.
 *  - after it, before the answer: the record is on the topic, or in the spool, which the next start
 *    drains. The network sends the call again, and the ledger counts it once (P3). */
export const ingestPipeline = (ports: Ports) => ({
  followClickLink: (visit: Visit): Redirect => followClickLink(ports, visit),
  takePostback: (call: PostbackCall): Promise<Answer> => takePostback(ports, call),
});

export type IngestPipeline = ReturnType<typeof ingestPipeline>;

const followClickLink = (ports: Ports, visit: Visit): Redirect => {
  // 1. Choose the offer, mint the click id, read the visit. Nothing is written yet.
  const opened = openClick(ports, visit);
  if (opened.kind !== 'click') return opened;

  // 2. Publish without waiting: the visitor leaves at once, whatever state Kafka is in (P9).
  if (visit.counts) publishClick(ports, opened.click);
  else ports.count.click('not_counted');

  // 3. Redirect, only ever to a URL of the catalog.
  const { clickId, flags } = opened.click;
  return { kind: 'redirect', clickId, location: opened.location, test: flags.length > 0 };
};

const publishClick = (ports: Ports, click: Parameters<Ports['record']['click']>[0]): void => {
  ports.record.click(click).then(
    () => ports.count.click('recorded'),
    () => ports.count.click('lost'),
  );
};

const takePostback = async (ports: Ports, call: PostbackCall): Promise<Answer> => {
  // 1. Take the call apart. Any bytes give parameters; the cost is linear in their length.
  const taken = takeApart(ports, call);

  // 2. Find the network: by token, by the offer inside a click id, by the drop-in endpoint.
  const origin = findOrigin(ports, taken);
  if (origin === 'not_ready') return unavailable(ports);

  // 3. What is garbage for certain is held off before it is read (P11).
  const early = isGarbage(taken, origin) ? ports.strangers.admit('garbage', undefined, call.address) : null;
  if (early === 'hold_off') return limited(ports, origin.refusal, undefined);

  // 4. Judge the caller, read the fields, decide whether the edge refuses.
  const read = readCall(ports, taken, origin);
  const { postback, standing } = read;
  for (const { code } of postback.problems) ports.count.problem(code);

  // 5. Any other call without proof passes through the limits for strangers (P11).
  const networkKey = origin.network?.key;
  const fate = early ?? (standing === 'proven' ? 'keep' : ports.strangers.admit(standing, networkKey, call.address));
  if (fate === 'hold_off') return limited(ports, read.refusal?.code ?? null, networkKey);

  // 6. Refused garbage is answered at once, and kept only while the sample has room.
  if (isRefusedGarbage(read)) {
    if (fate === 'keep') ports.record.postback(postback, postback.id, 'unproven').catch(() => undefined);
    return answerTo(ports, read);
  }
  if (fate === 'count') return limited(ports, read.refusal?.code ?? null, networkKey);

  // 7. Durable first (P1), then the answer.
  try {
    await ports.record.postback(
      postback,
      partitionKeyOf(postback.read, postback.id),
      standing === 'proven' ? 'proven' : 'unproven',
    );
  } catch {
    return unavailable(ports, read);
  }
  await failPoint('ingest.before-answer');
  return answerTo(ports, read);
};

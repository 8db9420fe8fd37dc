import { Link } from '@tanstack/react-router';
import type { TimelineDelivery, TimelineEntry, TimelineEvent } from '../../lib/timeline';
import { t, wordOf } from '../../texts/texts';
import { StateTag, tones } from '../../ui/tag';
import { TimelineItem, TimelineText } from '../../ui/timeline';
import { Amount } from '../../ui/values';
import { Attempts } from '../deliveries/attempts';
import type { Postback } from '../log/postbacks';
import styles from './conversions.module.css';

const texts = t.conversions.one;

/** Money enters and leaves the books through the bucket "outside", which is no place of its own. */
const movementOf = ({ from, to }: TimelineEntry): string => {
  const [left, joined] = [wordOf(t.words.bucket, from), wordOf(t.words.bucket, to)];
  if (from === to) return texts.movedNone;
  if (from === 'outside') return texts.movedIn(joined);
  return to === 'outside' ? texts.movedOut(left) : texts.moved(left, joined);
};

const Moved = ({ entry }: { entry: TimelineEntry }) => (
  <TimelineText>
    <Amount amount={entry.amount} currency={entry.currency} dimZero={false} /> {movementOf(entry)} · {texts.rule}:{' '}
    {wordOf({}, entry.rule).toLowerCase()}
  </TimelineText>
);

const CallEvent = ({ at, call, entries }: { at: string; call: Postback; entries: TimelineEntry[] }) => (
  <TimelineItem
    at={at}
    icon="call"
    tone={tones[call.state] ?? 'calm'}
    title={
      <>
        {texts.postbackText(call.networkKey ?? t.log.noNetwork)} {call.read.status?.raw ?? call.read.event?.value ?? ''}{' '}
        <StateTag kind="postback" state={call.state} />
      </>
    }
  >
    {call.refusal && <TimelineText>{wordOf(t.refusals, call.refusal)}</TimelineText>}
    {entries.map((entry) => (
      <Moved key={entry.id} entry={entry} />
    ))}
    <TimelineText>
      <Link to="/log" search={{ conversionId: call.conversionId ?? undefined, open: call.id } as never}>
        {texts.openCall}
      </Link>
    </TimelineText>
  </TimelineItem>
);

const DeliveryEvent = ({ at, delivery }: { at: string; delivery: TimelineDelivery }) => (
  <TimelineItem
    at={at}
    icon="send"
    tone={tones[delivery.state] ?? 'calm'}
    title={
      <>
        {texts.deliveryText(wordOf(t.words.conversion, delivery.cause), delivery.destinationKey.replace(/^\w+:/, ''))}{' '}
        <StateTag kind="delivery" state={delivery.state} />
      </>
    }
  >
    {delivery.reason && <TimelineText>{wordOf(t.words.reason, delivery.reason)}</TimelineText>}
    <Attempts of={delivery.attempts} />
    <TimelineText>
      <Link to="/deliveries" search={{ conversionId: delivery.conversionId, open: delivery.id } as never}>
        {texts.openDelivery}
      </Link>
    </TimelineText>
  </TimelineItem>
);

export const LifeEvent = ({ event, offerKey }: { event: TimelineEvent<Postback>; offerKey: string | null }) => {
  switch (event.kind) {
    case 'click':
      return (
        <TimelineItem at={event.at} icon="click" tone="info" title={texts.clickText}>
          {offerKey && <TimelineText>{texts.clickOffer(offerKey)}</TimelineText>}
          <TimelineText>
            <Link to={`/clicks/${event.click.clickId}`}>{texts.openClick}</Link>
          </TimelineText>
        </TimelineItem>
      );
    case 'postback':
      return <CallEvent at={event.at} call={event.call} entries={event.entries} />;
    case 'entry':
      return (
        <TimelineItem
          at={event.at}
          icon="money"
          tone="calm"
          title={<span className={styles.call}>{texts.events.entry}</span>}
        >
          <Moved entry={event.entry} />
        </TimelineItem>
      );
    case 'delivery':
      return <DeliveryEvent at={event.at} delivery={event.delivery} />;
  }
};

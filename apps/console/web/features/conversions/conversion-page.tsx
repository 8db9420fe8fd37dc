import { TextInput } from '@mantine/core';
import { Link, useParams } from '@tanstack/react-router';
import { api } from '../../api/client';
import { duration, localInput } from '../../lib/time';
import { timelineOf } from '../../lib/timeline';
import { useView } from '../../lib/use-search';
import { t, wordOf } from '../../texts/texts';
import { Card, Facts, Page } from '../../ui/page';
import { Loaded } from '../../ui/states';
import { MarkTags, StateTag } from '../../ui/tag';
import { Timeline } from '../../ui/timeline';
import { Amount, Id } from '../../ui/values';
import type { Conversion } from './conversion';
import { LifeEvent } from './life-event';
import styles from './conversions.module.css';

const texts = t.conversions.one;

const Money = ({ conversion }: { conversion: Conversion }) => {
  if (conversion.state === null) return <p>{texts.asOfNone}</p>;
  if (conversion.money === null) return <p>{texts.moneyUnknown}</p>;
  return (
    <dl className={styles.money}>
      {Object.entries(conversion.money).map(([bucket, amount]) => (
        <div key={bucket} className={styles.bucket}>
          <dt>{wordOf(texts.buckets, bucket)}</dt>
          <dd>
            <Amount amount={amount} currency={conversion.currency} />
          </dd>
        </div>
      ))}
    </dl>
  );
};

const keyLink = (kind: string, key: string | null) => key && <Link to={`/catalog/${kind}/${key}`}>{key}</Link>;

const Where = ({ conversion }: { conversion: Conversion }) => (
  <Card title={texts.facts}>
    <Facts
      of={[
        [texts.campaign, keyLink('campaigns', conversion.campaignKey)],
        [texts.source, keyLink('sources', conversion.sourceKey)],
        [texts.offer, keyLink('offers', conversion.offerKey)],
        [texts.network, keyLink('networks', conversion.networkKey)],
        [texts.event, conversion.event],
        [texts.transaction, conversion.transactionId && <Id key="t" id={conversion.transactionId} />],
        [texts.click, conversion.clickId && <Id key="c" id={conversion.clickId} />],
        [texts.external, conversion.externalId && <Id key="e" id={conversion.externalId} />],
        [texts.payoutFrom, conversion.payoutFrom && wordOf(texts.payoutSources, conversion.payoutFrom)],
        [texts.id, <Id key="i" id={conversion.id} />],
      ]}
    />
  </Card>
);

const Life = ({ conversion }: { conversion: Conversion }) => {
  const { clickId, clickAt } = conversion;
  const click = clickId && clickAt ? { clickId, clickedAt: clickAt } : null;
  const events = timelineOf({ ...conversion, click });
  const first = conversion.postbacks[0];
  const delay = click && first ? Date.parse(first.receivedAt) - Date.parse(click.clickedAt) : null;
  return (
    <Card title={texts.timeline} note={delay !== null && delay > 0 ? texts.later(duration(delay)) : texts.timelineNote}>
      <Timeline>
        {events.map((event, at) => (
          <LifeEvent key={`${event.kind} ${at}`} event={event} offerKey={conversion.offerKey} />
        ))}
      </Timeline>
      {conversion.truncated && <p>{texts.truncated}</p>}
    </Card>
  );
};

const AsOf = () => {
  const [view, change] = useView();
  return (
    <TextInput
      type="datetime-local"
      label={texts.asOf}
      value={view.asOf ? localInput(view.asOf) : ''}
      max={localInput(new Date().toISOString())}
      onChange={({ currentTarget: { value } }) =>
        change({ asOf: value === '' ? undefined : new Date(value).toISOString() })
      }
      w={230}
    />
  );
};

/** The whole life of one conversion on one page. */
export const ConversionPage = () => {
  const { id } = useParams({ strict: false }) as { id: string };
  const [view] = useView();
  const query = api.useQuery('get', '/api/v1/conversions/{id}', {
    params: { path: { id }, query: view.asOf ? { asOf: view.asOf } : {} },
  });
  const conversion = query.data;
  const title = conversion?.transactionId ? texts.title(conversion.transactionId) : texts.untitled;
  return (
    <Page
      title={conversion ? title : t.conversions.title}
      lead={
        conversion?.state ? (
          <>
            <StateTag kind="conversion" state={conversion.state} /> <MarkTags marks={conversion.marks} />
          </>
        ) : (
          query.isPending && '\u00a0'
        )
      }
      actions={<AsOf />}
    >
      <Loaded query={query}>
        {() =>
          conversion && (
            <>
              <Card title={texts.money} note={view.asOf ? texts.asOfHint : null}>
                <Money conversion={conversion} />
              </Card>
              <div className={styles.columns}>
                <Life conversion={conversion} />
                <Where conversion={conversion} />
              </div>
            </>
          )
        }
      </Loaded>
    </Page>
  );
};

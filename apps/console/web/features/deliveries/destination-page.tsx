import { Button } from '@mantine/core';
import { keepPreviousData, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense, useCallback } from 'react';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { useMay } from '../../app/session';
import { formatCount, formatShare } from '../../lib/amount';
import { age } from '../../lib/time';
import { startOf } from '../../lib/time-range';
import { useView } from '../../lib/use-search';
import { t, wordOf } from '../../texts/texts';
import { Choices } from '../../ui/filters';
import { Card, Facts, Page } from '../../ui/page';
import { Loaded, LoadingRows, Refused } from '../../ui/states';
import { Tag } from '../../ui/tag';
import { Code, useNow, When } from '../../ui/values';
import { healthOf, healthTones, type Destination } from './delivery';
import { DeliveryDrawer } from './delivery-drawer';
import { DeliveryList } from './delivery-list';
import { DestinationTest } from './destination-test';
import styles from './deliveries.module.css';

const texts = t.deliveries.one;

type History = Answer<'/api/v1/destinations/{key}'>;
const DestinationHistory = lazy(() =>
  import('./destination-history').then(({ DestinationHistory: component }) => ({ default: component })),
);

const ranges = ['1h', '24h', '7d'];
const buckets: Record<string, 'minute' | 'hour'> = { '1h': 'minute', '24h': 'hour', '7d': 'hour' };

/** Polled, because users watch a backlog shrink here. */
const useHistory = (key: string, range: string) => {
  const from = startOf(range, useNow(60_000));
  return api.useQuery(
    'get',
    '/api/v1/destinations/{key}',
    { params: { path: { key }, query: { ...(from && { from }), bucket: buckets[range] ?? 'hour' } } },
    { refetchInterval: 5_000, placeholderData: keepPreviousData },
  );
};

/** Pauses and resumes; what is shown afterwards is what the server says. */
const PauseButton = ({ of }: { of: Destination | undefined }) => {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/destinations'] });
  const pause = api.useMutation('post', '/api/v1/destinations/{key}/pause', { onSuccess });
  const resume = api.useMutation('post', '/api/v1/destinations/{key}/resume', { onSuccess });
  const change = of?.paused ? resume : pause;
  return (
    <>
      <Refused error={change.error} />
      <Button
        variant={of?.paused ? 'filled' : 'default'}
        disabled={!of}
        loading={change.isPending}
        onClick={() => of && change.mutate({ params: { path: { key: of.destinationKey } } })}
      >
        {of?.paused ? texts.resume : texts.pause}
      </Button>
    </>
  );
};

const Health = ({ of }: { of: Destination }) => {
  const now = useNow(2_000);
  const [worst] = of.processes.toSorted((a, b) => b.failingShare - a.failingShare);
  const inFlight = of.processes.reduce((sum, process) => sum + process.inFlight, 0);
  const health = healthOf(of);
  const says = {
    ok: of.waiting === 0 ? texts.idle : texts.healthy,
    failing: texts.failing,
    paused: texts.pausedBy(of.pausedBy ?? '–'),
  };
  return (
    <Card title={<Tag tone={healthTones[health]}>{t.deliveries.destinationState[health]}</Tag>} note={says[health]}>
      <dl className={styles.figures}>
        {(
          [
            [texts.backlog, formatCount(of.waiting)],
            [texts.oldest, of.oldestAt ? age(of.oldestAt, now) : '–'],
            [texts.parked, formatCount(of.parked)],
            [texts.inFlight, formatCount(inFlight)],
            [texts.failingShare, formatShare(worst?.failingShare ?? 0)],
            [texts.probe, <When key="p" at={worst?.probeAt ?? null} />],
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
};

const Parked = ({ of }: { of: Destination }) =>
  Object.keys(of.parkedFor).length === 0 ? null : (
    <Card title={texts.reasons}>
      <Facts
        of={Object.entries(of.parkedFor).map(([reason, count]) => [wordOf(t.words.reason, reason), formatCount(count)])}
      />
    </Card>
  );

/** What its settings say, in the words of the request. */
const Template = ({ of: { settings, lastDeliveredAt } }: { of: History }) => (
  <Card title={texts.template}>
    {settings ? <Code>{`${settings.method} ${settings.url}`}</Code> : <p>{texts.deleted}</p>}
    {lastDeliveredAt && (
      <p>
        {texts.lastDelivered}: <When at={lastDeliveredAt} />
      </p>
    )}
  </Card>
);

export const DestinationPage = () => {
  const { key } = useParams({ strict: false }) as { key: string };
  const [view, change] = useView<{ open?: string; range?: string }>();
  const mayEdit = useMay('editor');
  const range = ranges.includes(view.range ?? '') ? (view.range as string) : '24h';
  const query = useHistory(key, range);
  const open = useCallback((id: string) => change({ open: id }, 'push'), [change]);
  return (
    <Page
      title={texts.title(key.replace(/^\w+:/, ''))}
      lead={key}
      actions={mayEdit && !query.isError && <PauseButton of={query.data} />}
    >
      <Loaded query={query} rows={8}>
        {(history) => (
          <>
            <Health of={history} />
            <Choices
              label={texts.rangeLabel}
              of={ranges.map((value) => ({ value, label: wordOf(texts.ranges, value) }))}
              value={range}
              onChange={(next) => change({ range: next })}
            />
            <Suspense fallback={<LoadingRows rows={6} />}>
              <DestinationHistory buckets={history.buckets} />
            </Suspense>
            <Parked of={history} />
            <Template of={history} />
          </>
        )}
      </Loaded>
      {mayEdit && <DestinationTest destinationKey={key} />}
      <Card title={texts.history} flush>
        <DeliveryList filters={{ destinationKey: key }} selected={view.open} open={open} />
      </Card>
      <DeliveryDrawer id={view.open} onClose={() => change({ open: undefined })} />
    </Page>
  );
};

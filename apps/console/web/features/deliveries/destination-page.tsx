import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useCallback } from 'react';
import { api } from '../../api/client';
import { useMay } from '../../app/session';
import { formatCount, formatShare } from '../../lib/amount';
import { age } from '../../lib/time';
import { useView } from '../../lib/use-search';
import { t, wordOf } from '../../texts/texts';
import { Card, Facts, Page } from '../../ui/page';
import { Loaded, Refused } from '../../ui/states';
import { Tag } from '../../ui/tag';
import { useNow, When } from '../../ui/values';
import { healthOf, healthTones, useDestinations, type Destination } from './delivery';
import { DeliveryDrawer } from './delivery-drawer';
import { DeliveryList } from './delivery-list';
import { DestinationTest } from './destination-test';
import styles from './deliveries.module.css';

const texts = t.deliveries.one;

const idle = (destinationKey: string): Destination => ({
  destinationKey,
  paused: false,
  pausedBy: null,
  waiting: 0,
  parked: 0,
  parkedFor: {},
  oldestAt: null,
  processes: [],
});

/** Pauses and resumes; what is shown afterwards is what the server says. */
const PauseButton = ({ of }: { of: Destination }) => {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/destinations'] });
  const pause = api.useMutation('post', '/api/v1/destinations/{key}/pause', { onSuccess });
  const resume = api.useMutation('post', '/api/v1/destinations/{key}/resume', { onSuccess });
  const change = of.paused ? resume : pause;
  return (
    <>
      <Refused error={change.error} />
      <Button
        variant={of.paused ? 'filled' : 'default'}
        loading={change.isPending}
        onClick={() => change.mutate({ params: { path: { key: of.destinationKey } } })}
      >
        {of.paused ? texts.resume : texts.pause}
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
          ] as const
        ).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {worst?.probeAt && (
        <p>
          {texts.probe}: <When at={worst.probeAt} />
        </p>
      )}
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

export const DestinationPage = () => {
  const { key } = useParams({ strict: false }) as { key: string };
  const [view, change] = useView();
  const mayEdit = useMay('editor');
  const query = useDestinations();
  const open = useCallback((id: string) => change({ open: id }, 'push'), [change]);
  const found = query.data?.items.find(({ destinationKey }) => destinationKey === key);
  const of = found ?? idle(key);
  return (
    <Page
      title={texts.title(key.replace(/^\w+:/, ''))}
      lead={key}
      actions={mayEdit && query.data && <PauseButton of={of} />}
    >
      <Loaded query={query} rows={3}>
        {() => (
          <>
            <Health of={of} />
            <Parked of={of} />
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

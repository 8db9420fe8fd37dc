import { Button, Progress } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import type { Job } from '../../api/coming';
import { useList } from '../../api/list';
import { useMay } from '../../app/session';
import { formatCount } from '../../lib/amount';
import { t, wordOf } from '../../texts/texts';
import { DataTable, More, type Column } from '../../ui/data-table';
import { Card, Page } from '../../ui/page';
import { Empty, Loaded, Refused } from '../../ui/states';
import { StateTag } from '../../ui/tag';
import { When } from '../../ui/values';
import styles from '../log/log.module.css';

const texts = t.jobs;

const isOpen = ({ state }: Job): boolean => state === 'queued' || state === 'running';

const ProgressOf = ({ job }: { job: Job }) => (
  <>
    {texts.progress(formatCount(job.done), job.total === null ? '?' : formatCount(job.total))}
    {isOpen(job) && job.total !== null && (
      <Progress
        value={(job.done / Math.max(1, job.total)) * 100}
        size="sm"
        mt={4}
        aria-label={texts.columns.progress}
      />
    )}
  </>
);

const resultOf = (result: unknown): string =>
  typeof result === 'object' && result !== null
    ? Object.entries(result)
        .filter(([, value]) => typeof value === 'number' || typeof value === 'string')
        .map(([name, value]) => `${name} ${String(value)}`)
        .join(', ')
    : '';

const Jobs = () => {
  const queries = useQueryClient();
  const mayEdit = useMay('editor');
  const query = api.useQuery('get', '/api/v1/jobs', {}, { refetchInterval: 2_000 });
  const cancel = api.useMutation('delete', '/api/v1/jobs/{id}', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/jobs'] }),
  });
  const columns: Column<Job>[] = [
    { id: 'kind', header: texts.columns.kind, cell: ({ kind }) => wordOf({}, kind) },
    { id: 'state', header: texts.columns.state, cell: ({ state }) => <StateTag kind="job" state={state} /> },
    { id: 'progress', header: texts.columns.progress, cell: (job) => <ProgressOf job={job} /> },
    { id: 'created', header: texts.columns.created, nowrap: true, cell: ({ createdAt }) => <When at={createdAt} /> },
    {
      id: 'result',
      header: texts.columns.result,
      wide: true,
      cell: (job) =>
        isOpen(job) && mayEdit ? (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => cancel.mutate({ params: { path: { id: job.id } } } as never)}
          >
            {texts.cancel}
          </Button>
        ) : (
          resultOf(job.result)
        ),
    },
  ];
  return (
    <Card flush label={texts.title}>
      <Refused error={cancel.error} />
      <Loaded query={query} rows={4}>
        {(data) => {
          const { items } = data as unknown as { items: Job[] };
          if (items.length === 0) return <Empty title={texts.none}>{texts.noneText}</Empty>;
          return <DataTable label={texts.title} columns={columns} rows={items} keyOf={({ id }) => id} />;
        }}
      </Loaded>
    </Card>
  );
};

type Parked = { id: string; topic: string; reason: string; error: string | null; parkedAt: string };

/** Records that no service could process. */
const ParkedRecords = () => {
  const queries = useQueryClient();
  const mayEdit = useMay('editor');
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/parked'] });
  const { query, rows, more } = useList<Parked>('/api/v1/parked', { resolved: 'false' });
  const release = api.useMutation('post', '/api/v1/parked/{id}/release', { onSuccess });
  const dismiss = api.useMutation('post', '/api/v1/parked/{id}/dismiss', { onSuccess });
  const columns: Column<Parked>[] = [
    { id: 'at', header: texts.columns.created, nowrap: true, cell: ({ parkedAt }) => <When at={parkedAt} /> },
    { id: 'topic', header: texts.columns.kind, cell: ({ topic }) => topic },
    {
      id: 'reason',
      header: t.deliveries.reason,
      wide: true,
      cell: ({ reason, error }) => `${wordOf({}, reason)}. ${error ?? ''}`,
    },
    {
      id: 'actions',
      header: ' ',
      cell: ({ id }) =>
        mayEdit && (
          <span className={styles.says}>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => release.mutate({ params: { path: { id } } } as never)}
            >
              {texts.release}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => dismiss.mutate({ params: { path: { id } } } as never)}
            >
              {texts.dismiss}
            </Button>
          </span>
        ),
    },
  ];
  return (
    <Card title={texts.parked} note={texts.parkedText} flush>
      <Refused error={release.error ?? dismiss.error} />
      <Loaded query={query} rows={2}>
        {() =>
          rows.length === 0 ? (
            <Empty title={texts.parkedNone} />
          ) : (
            <>
              <DataTable label={texts.parked} columns={columns} rows={rows} keyOf={({ id }) => id} />
              <More {...more} />
            </>
          )
        }
      </Loaded>
    </Card>
  );
};

export const JobsPage = () => (
  <Page title={texts.title} lead={texts.lead}>
    <Jobs />
    <ParkedRecords />
  </Page>
);

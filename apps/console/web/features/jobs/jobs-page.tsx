import { Button, Progress } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client';
import type { Item, Job } from '../../api/answers';
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
    {job.total === null ? formatCount(job.done) : texts.progress(formatCount(job.done), formatCount(job.total))}
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

/** What a job counted: the numbers of its result. */
const countsOf = (result: unknown): string => {
  const { counts, ...others } = (result ?? {}) as Record<string, unknown>;
  return Object.entries({ ...others, ...(counts as object | undefined) })
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => `${wordOf(texts.counts, name).toLowerCase()} ${formatCount(value as number)}`)
    .join(', ');
};

const ResultOf = ({ job }: { job: Job }) => (
  <>
    {job.problem && `${job.problem.detail} (${job.problem.code}) `}
    {countsOf(job.result)}{' '}
    {job.kind === 'conversions.upload' && job.state === 'done' && (
      <Link to="/uploads" search={{ job: job.id } as never}>
        {texts.rows}
      </Link>
    )}
    {job.kind === 'lists.export' && job.state === 'done' && (
      <a href={`/api/v1/jobs/${job.id}/file`} download>
        {texts.download}
      </a>
    )}
  </>
);

const Jobs = () => {
  const queries = useQueryClient();
  const mayEdit = useMay('editor');
  const query = api.useQuery('get', '/api/v1/jobs', {}, { refetchInterval: 2_000 });
  const cancel = api.useMutation('delete', '/api/v1/jobs/{id}', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/jobs'] }),
  });
  const columns: Column<Job>[] = [
    { id: 'kind', header: texts.columns.kind, cell: ({ kind }) => wordOf(texts.kinds, kind) },
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
            onClick={() => cancel.mutate({ params: { path: { id: job.id } } })}
          >
            {texts.cancel}
          </Button>
        ) : (
          <ResultOf job={job} />
        ),
    },
  ];
  return (
    <Card flush label={texts.title}>
      <Refused error={cancel.error} />
      <Loaded query={query} rows={4}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={texts.none}>{texts.noneText}</Empty>
          ) : (
            <DataTable label={texts.title} columns={columns} rows={items} keyOf={({ id }) => id} />
          )
        }
      </Loaded>
    </Card>
  );
};

type Parked = Item<'/api/v1/parked'>;

/** Records that no service could process. */
const ParkedRecords = () => {
  const queries = useQueryClient();
  const mayEdit = useMay('editor');
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/parked'] });
  const { query, rows, more } = useList('/api/v1/parked', { resolved: 'false' });
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
            <Button size="compact-sm" variant="default" onClick={() => release.mutate({ params: { path: { id } } })}>
              {texts.release}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => dismiss.mutate({ params: { path: { id } } })}>
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

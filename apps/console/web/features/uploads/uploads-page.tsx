import { Button, Checkbox, Progress, Select } from '@mantine/core';
import { useState } from 'react';
import type { Job } from '../../api/answers';
import { formatCount } from '../../lib/amount';
import type { Mapping } from '../../lib/report-file';
import { useView } from '../../lib/use-search';
import { t } from '../../texts/texts';
import { Card, Page } from '../../ui/page';
import { Loaded, LoadingRows, Refused } from '../../ui/states';
import { useCatalogKeys } from '../catalog/catalog-keys';
import { useAnalysis } from './analysis';
import { Drop } from './drop';
import { FoundFile } from './found-file';
import { useJob } from '../jobs/use-job';
import { useCancel, useSubmit, type UploadResult } from './upload';
import { Result } from './upload-result';
import styles from './uploads.module.css';

const texts = t.uploads;

/** The file and how it is read: state of this page only, because a browser keeps no file. */
const useFile = (changed: () => void) => {
  const [file, setFile] = useState<File | null>(null);
  const [networkKey, setNetworkKey] = useState<string | null>(null);
  const [mapping, setMapping] = useState<Mapping>({});
  const [dispatch, setDispatch] = useState(true);
  const and =
    <Value,>(set: (value: Value) => void) =>
    (value: Value): void => {
      set(value);
      changed();
    };
  return {
    file,
    networkKey,
    mapping,
    dispatch,
    take: and((next: File) => {
      setFile(next);
      setMapping({});
    }),
    setNetworkKey: and(setNetworkKey),
    setMapping: and(setMapping),
    setDispatch: and(setDispatch),
  };
};
type FileState = ReturnType<typeof useFile>;

const Choose = ({ of }: { of: FileState }) => (
  <>
    <Drop file={of.file} take={of.take} />
    <div className={styles.options}>
      <Select
        label={texts.network}
        description={texts.networkHint}
        placeholder={texts.noNetwork}
        data={useCatalogKeys('networks')}
        value={of.networkKey}
        onChange={of.setNetworkKey}
        clearable
        searchable
        w={320}
      />
      <Checkbox
        label={texts.dispatch}
        checked={of.dispatch}
        onChange={({ currentTarget }) => of.setDispatch(currentTarget.checked)}
      />
    </div>
  </>
);

const Running = ({ job, isApplying }: { job: Job; isApplying: boolean }) => {
  const cancel = useCancel();
  const title = isApplying ? texts.applying : texts.checking;
  return (
    <Card title={title}>
      <Progress value={100} animated striped aria-label={title} />
      <p aria-live="polite">{texts.rowsDone(formatCount(job.done))}</p>
      <Refused error={cancel.error} />
      <Button variant="default" loading={cancel.isPending || job.cancelling} onClick={() => cancel.mutate(job.id)}>
        {texts.cancel}
      </Button>
    </Card>
  );
};

type JobProps = { id: string; isApplying: boolean; apply: ((rows: number) => React.ReactNode) | null };

/** The progress of the job in the address, then its result. */
const UploadJob = ({ id, isApplying, apply }: JobProps) => {
  const query = useJob(id);
  return (
    <Loaded query={query} rows={4}>
      {(job) => {
        if (job.state === 'queued' || job.state === 'running') return <Running job={job} isApplying={isApplying} />;
        if (job.problem)
          return <Refused error={{ ...job.problem, title: t.states.failed, status: 422, type: 'about:blank' }} />;
        if (job.state === 'cancelled') return <Card>{texts.cancelled}</Card>;
        const result = job.result as UploadResult;
        return (
          <>
            {result.dryRun && result.counts.accepted > 0 && apply?.(result.counts.accepted)}
            <Result result={result} />
          </>
        );
      }}
    </Loaded>
  );
};

/** A report file: what it is, how each row would be read, then the rows as calls. */
export const UploadsPage = () => {
  const [view, change] = useView<{ job?: string }>();
  const of = useFile(() => change({ job: undefined }));
  const { file, networkKey, mapping, dispatch } = of;
  const analysis = useAnalysis(file, networkKey, mapping);
  const submit = useSubmit((job) => change({ job }));
  const run = (dryRun: boolean): void => {
    if (file) submit.mutate({ file, networkKey, mapping, dispatch, dryRun });
  };
  const apply = (rows: number) => (
    <Card>
      {file ? (
        <Button loading={submit.isPending} onClick={() => run(false)}>
          {texts.apply(formatCount(rows))}
        </Button>
      ) : (
        texts.chooseAgain
      )}
    </Card>
  );
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Card>
        <Choose of={of} />
        <Refused error={analysis.error ?? submit.error} />
        <div className={styles.actions}>
          <Button
            disabled={file === null || analysis.data?.readable !== true || analysis.isPlaceholderData}
            variant={view.job ? 'default' : 'filled'}
            loading={submit.isPending}
            onClick={() => run(true)}
          >
            {texts.check}
          </Button>
        </div>
      </Card>
      {view.job && <UploadJob id={view.job} isApplying={submit.variables?.dryRun === false} apply={apply} />}
      {file && !view.job && (
        <>
          {analysis.isPending && <LoadingRows rows={4} />}
          {analysis.data && (
            <FoundFile found={analysis.data} networkKey={networkKey} mapping={mapping} onChange={of.setMapping} />
          )}
        </>
      )}
    </Page>
  );
};

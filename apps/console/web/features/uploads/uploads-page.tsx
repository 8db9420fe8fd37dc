import { Button, Checkbox, Select } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useRef, useState, type DragEvent } from 'react';
import { formatCount } from '../../lib/amount';
import { t, wordOf } from '../../texts/texts';
import { DataTable, type Column } from '../../ui/data-table';
import { Card, Page } from '../../ui/page';
import { Refused } from '../../ui/states';
import { Tag } from '../../ui/tag';
import { useCatalogKeys } from '../catalog/catalog-keys';
import { useUpload, type Upload, type UploadRow } from './upload';
import styles from './uploads.module.css';

const texts = t.uploads;
const maxShown = 200;

const readsAs = ({ read }: UploadRow): string =>
  Object.entries(read ?? {})
    .filter(([, value]) => value !== null)
    .map(([field, value]) => `${wordOf(t.words.field, field)} ${value}`)
    .join(' · ');

const columns: Column<UploadRow>[] = [
  { id: 'row', header: texts.row, numeric: true, cell: ({ row }) => row },
  {
    id: 'outcome',
    header: texts.outcome,
    cell: ({ outcome, code, detail }) => (
      <>
        <Tag tone={outcome === 'accepted' ? 'good' : 'bad'}>{wordOf(texts.counts, outcome)}</Tag>{' '}
        {code && wordOf(t.refusals, code)} {detail}
      </>
    ),
  },
  { id: 'reads', header: texts.reads, wide: true, cell: readsAs },
  { id: 'becomes', header: texts.becomes, cell: ({ conversion }) => (conversion ? texts.known : texts.fresh) },
];

const Result = ({ upload }: { upload: Upload }) => (
  <>
    <Card>
      <dl className={styles.counts}>
        {Object.entries(upload.counts).map(([name, count]) => (
          <div key={name}>
            <dt>{wordOf(texts.counts, name)}</dt>
            <dd>{formatCount(count)}</dd>
          </div>
        ))}
      </dl>
      {upload.problem && (
        <Refused
          error={{
            status: 422,
            title: upload.problem.code,
            code: upload.problem.code,
            detail: upload.problem.detail,
            type: '',
          }}
        />
      )}
      {!upload.dryRun && (
        <p>
          {texts.applied}{' '}
          <Link to="/log" search={{ uploadId: upload.uploadId } as never}>
            {texts.log}
          </Link>
        </p>
      )}
    </Card>
    <Card title={texts.rows} note={upload.rows.length > maxShown ? texts.onlyFirst(formatCount(maxShown)) : null} flush>
      <DataTable
        label={texts.rows}
        columns={columns}
        rows={upload.rows.slice(0, maxShown)}
        keyOf={({ row }) => String(row)}
      />
    </Card>
  </>
);

const Drop = ({ file, take }: { file: File | null; take: (file: File) => void }) => {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped) take(dropped);
  };
  return (
    <div
      className={styles.drop}
      data-over={isOver}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <p>{file ? texts.file(file.name, `${formatCount(Math.ceil(file.size / 1024))} KB`) : texts.drop}</p>
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,.tsv,text/csv"
        className="visually-hidden"
        aria-label={texts.choose}
        onChange={({ currentTarget: { files } }) => files?.[0] && take(files[0])}
      />
      <Button variant="default" onClick={() => input.current?.click()}>
        {texts.choose}
      </Button>
    </div>
  );
};

/** A report file: first how each row would be read, then the rows as calls. */
export const UploadsPage = () => {
  const networks = useCatalogKeys('networks');
  const [file, setFile] = useState<File | null>(null);
  const [networkKey, setNetworkKey] = useState<string | null>(null);
  const [dispatch, setDispatch] = useState(true);
  const { upload, error, isBusy, send, forget } = useUpload();
  const take = (next: File): void => {
    setFile(next);
    forget();
  };
  const isChecked = upload?.dryRun === true && upload.counts.accepted > 0;
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Card>
        <Drop file={file} take={take} />
        <div className={styles.options}>
          <Select
            label={texts.network}
            description={texts.networkHint}
            placeholder={texts.noNetwork}
            data={networks}
            value={networkKey}
            onChange={(key) => {
              setNetworkKey(key);
              forget();
            }}
            clearable
            searchable
          />
          <Checkbox
            label={texts.dispatch}
            checked={dispatch}
            onChange={({ currentTarget }) => setDispatch(currentTarget.checked)}
          />
        </div>
        <Refused error={error} />
        <div className={styles.actions}>
          <Button
            variant={isChecked ? 'default' : 'filled'}
            disabled={file === null}
            loading={isBusy && !isChecked}
            onClick={() => file && void send(file, { networkKey, dispatch, dryRun: true })}
          >
            {texts.check}
          </Button>
          {isChecked && (
            <Button loading={isBusy} onClick={() => file && void send(file, { networkKey, dispatch, dryRun: false })}>
              {texts.apply(formatCount(upload.counts.rows))}
            </Button>
          )}
        </div>
      </Card>
      {upload && <Result upload={upload} />}
    </Page>
  );
};

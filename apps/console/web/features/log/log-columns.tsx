import { t, wordOf } from '../../texts/texts';
import { OpenButton, type Column } from '../../ui/data-table';
import { StateTag, Tag } from '../../ui/tag';
import { Amount, When } from '../../ui/values';
import type { PostbackItem } from './postbacks';
import styles from './log.module.css';

const texts = t.log;

/** What the call says happened: its event and its status word. */
const Says = ({ row }: { row: PostbackItem }) => (
  <span className={styles.says}>
    {row.read.event && <span>{row.read.event.value}</span>}
    {row.read.status ? (
      <span>{row.read.status.raw}</span>
    ) : (
      !row.read.event && <span className={styles.dim}>{texts.noStatus}</span>
    )}
    {row.test && (
      <Tag tone="calm" plain>
        {t.words.test}
      </Tag>
    )}
  </span>
);

const Result = ({ row }: { row: PostbackItem }) => {
  const note = row.refusal ? wordOf(t.refusals, row.refusal) : (t.problems[row.problems[0]?.code ?? '']?.says ?? null);
  return (
    <>
      <StateTag kind="postback" state={row.state} />
      {note && <span className={styles.reason}>{note}</span>}
    </>
  );
};

/** An amount as the network wrote it, where it could not be read. */
const Money = ({ row }: { row: PostbackItem }) => {
  const { amount, currency } = row.read;
  if (!amount) return <span className={styles.dim}>–</span>;
  return <Amount amount={amount.value} currency={currency?.value ?? null} />;
};

export const logColumns = (open: (row: PostbackItem) => void): Column<PostbackItem>[] => [
  {
    id: 'time',
    header: texts.columns.time,
    nowrap: true,
    cell: (row) => (
      <OpenButton onClick={() => open(row)}>
        <When at={row.receivedAt} />
      </OpenButton>
    ),
  },
  {
    id: 'network',
    header: texts.columns.network,
    cell: (row) => row.networkKey ?? <span className={styles.dim}>{texts.noNetwork}</span>,
  },
  { id: 'says', header: texts.columns.says, cell: (row) => <Says row={row} /> },
  {
    id: 'transaction',
    header: texts.columns.transaction,
    cell: (row) => row.read.transactionId?.value ?? <span className={styles.dim}>–</span>,
  },
  { id: 'amount', header: texts.columns.amount, numeric: true, cell: (row) => <Money row={row} /> },
  { id: 'result', header: texts.columns.result, wide: true, cell: (row) => <Result row={row} /> },
];

import { Select } from '@mantine/core';
import type { Item } from '../../api/answers';
import { useList } from '../../api/list';
import { useView } from '../../lib/use-search';
import { t, wordOf } from '../../texts/texts';
import { DataTable, More, type Column } from '../../ui/data-table';
import { Card, Page } from '../../ui/page';
import { Empty, Loaded } from '../../ui/states';
import { When } from '../../ui/values';
import { Changes } from './changes';
import styles from '../log/log.module.css';

const texts = t.audit;
type Line = Item<'/api/v1/audit'>;
const kinds = [
  'network',
  'source',
  'offer',
  'campaign',
  'destination',
  'postback',
  'delivery',
  'user',
  'token',
  'session',
];

const columns: Column<Line>[] = [
  { id: 'at', header: texts.columns.at, nowrap: true, cell: ({ at }) => <When at={at} /> },
  { id: 'actor', header: texts.columns.actor, cell: ({ actor }) => actor },
  { id: 'action', header: texts.columns.action, cell: ({ action }) => wordOf({}, action) },
  { id: 'what', header: texts.columns.what, cell: ({ kind, key }) => `${kind} ${key}` },
  { id: 'changes', header: texts.columns.changes, wide: true, cell: ({ changes }) => <Changes of={changes} /> },
];

export const AuditPage = () => {
  const [view, change] = useView<{ kind?: string; key?: string }>();
  const filters = { ...(view.kind && { kind: view.kind }), ...(view.key && { key: view.key }) };
  const { query, rows, more } = useList('/api/v1/audit', filters);
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Card flush label={texts.title}>
        <div className={styles.bar}>
          <Select
            className={styles.select ?? ''}
            aria-label={texts.kind}
            placeholder={texts.anyKind}
            data={kinds}
            value={view.kind ?? null}
            onChange={(kind) => change({ kind: kind ?? undefined })}
            clearable
          />
        </div>
        <Loaded query={query}>
          {() =>
            rows.length === 0 ? (
              <Empty title={texts.none} />
            ) : (
              <>
                <DataTable label={texts.title} columns={columns} rows={rows} keyOf={({ id }) => id} />
                <More {...more} />
              </>
            )
          }
        </Loaded>
      </Card>
    </Page>
  );
};

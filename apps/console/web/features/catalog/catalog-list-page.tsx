import { Button } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useList } from '../../api/list';
import { useMay } from '../../app/session';
import { t } from '../../texts/texts';
import { DataTable, More, type Column } from '../../ui/data-table';
import { Card, Page } from '../../ui/page';
import { Empty, Loaded } from '../../ui/states';
import { When } from '../../ui/values';
import { catalogKinds, type CatalogKind } from './catalog-keys';
import type { Entry } from './entry';
import { NotFound } from '../../app/boundaries';

const texts = t.catalog;

const hostOf = (url: string | undefined): string => {
  if (!url || !URL.canParse(url.replace(/[{}<>]/g, ''))) return '';
  return new URL(url.replace(/[{}<>]/g, '')).host;
};

/** What one looks for in a list of this kind, in one line. */
const detailOf: Record<CatalogKind, (entry: Entry) => string> = {
  networks: ({ preset, defaultCurrency }) => [preset, defaultCurrency].filter(Boolean).join(' · '),
  sources: ({ preset, destination }) => [preset, hostOf(destination?.url)].filter(Boolean).join(' · '),
  offers: ({ networkKey, url }) => [networkKey, hostOf(url)].filter(Boolean).join(' · '),
  campaigns: ({ sourceKey, offers }) => [sourceKey, texts.offers(offers?.length ?? 0)].filter(Boolean).join(' · '),
};

const columnsOf = (kind: CatalogKind): Column<Entry>[] => [
  { id: 'key', header: texts.columns.key, cell: ({ key }) => <Link to={`/catalog/${kind}/${key}`}>{key}</Link> },
  { id: 'name', header: texts.columns.name, cell: ({ name }) => name ?? '–' },
  { id: 'detail', header: texts.columns.detail, cell: (entry) => detailOf[kind](entry) || '–' },
  { id: 'changed', header: texts.columns.changed, nowrap: true, cell: ({ changedAt }) => <When at={changedAt} /> },
];
const columns = Object.fromEntries(catalogKinds.map((kind) => [kind, columnsOf(kind)])) as Record<
  CatalogKind,
  Column<Entry>[]
>;

const List = ({ kind }: { kind: CatalogKind }) => {
  const { query, rows, more } = useList(`/api/v1/${kind}`, {});
  const navigate = useNavigate();
  const mayEdit = useMay('editor');
  const guide = (
    <Button component={Link} to="/setup">
      {texts.add}
    </Button>
  );
  return (
    <Page title={texts.kinds[kind].title} lead={texts.kinds[kind].lead} actions={mayEdit && guide}>
      <Card flush label={texts.kinds[kind].title}>
        <Loaded query={query}>
          {() =>
            rows.length === 0 ? (
              <Empty title={texts.empty} actions={mayEdit && guide}>
                {texts.emptyText}
              </Empty>
            ) : (
              <>
                <DataTable
                  label={texts.kinds[kind].title}
                  columns={columns[kind]}
                  rows={rows}
                  keyOf={({ key }) => key}
                  onOpen={({ key }) => void navigate({ to: `/catalog/${kind}/${key}` })}
                />
                <More {...more} />
              </>
            )
          }
        </Loaded>
      </Card>
    </Page>
  );
};

export const CatalogListPage = () => {
  const { kind } = useParams({ strict: false }) as { kind: string };
  return (catalogKinds as readonly string[]).includes(kind) ? (
    <List key={kind} kind={kind as CatalogKind} />
  ) : (
    <NotFound />
  );
};

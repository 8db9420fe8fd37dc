import { Button } from '@mantine/core';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useList } from '../../api/list';
import { api } from '../../api/client';
import { NotFound } from '../../app/boundaries';
import { useMay } from '../../app/session';
import { t, wordOf } from '../../texts/texts';
import { Card, Page } from '../../ui/page';
import { Loaded, Refused } from '../../ui/states';
import { CopyLine, When } from '../../ui/values';
import { Changes } from '../audit/changes';
import { catalogKinds, type CatalogKind } from './catalog-keys';
import type { Entry } from './entry';
import { EntryEditor } from './entry-editor';
import { Suggestions } from './suggestions';

const texts = t.catalog;

const Links = ({ entry }: { entry: Entry }) => {
  const links = [
    entry.clickUrl && ([t.setup.links.click, entry.clickUrl] as const),
    entry.postbackUrl && ([t.setup.links.postback, entry.postbackUrl] as const),
    ...(entry.morePostbackUrls ?? []).map(({ when, url }) => [t.setup.links.more(when), url] as const),
  ].filter((each): each is readonly [string, string] => Array.isArray(each));
  if (links.length === 0) return null;
  return (
    <Card title={texts.links}>
      {links.map(([label, url]) => (
        <div key={url}>
          <p>{label}</p>
          <CopyLine text={url} label={label} />
        </div>
      ))}
    </Card>
  );
};

/** The kinds that name an entry of this kind, and by which field. */
const users: Record<CatalogKind, { kind: CatalogKind; uses: (entry: Entry, key: string) => boolean } | null> = {
  networks: { kind: 'offers', uses: ({ networkKey }, key) => networkKey === key },
  sources: { kind: 'campaigns', uses: ({ sourceKey }, key) => sourceKey === key },
  offers: { kind: 'campaigns', uses: ({ offers }, key) => offers?.some(({ offerKey }) => offerKey === key) ?? false },
  campaigns: null,
};

const Used = ({ kind, entryKey }: { kind: CatalogKind; entryKey: string }) => {
  const by = users[kind];
  const query = api.useQuery(
    'get',
    `/api/v1/${by?.kind ?? 'campaigns'}` as '/api/v1/networks',
    { params: { query: { limit: 500 } } },
    { enabled: by !== null },
  );
  if (!by) return null;
  return (
    <Card title={texts.used}>
      <Loaded query={query} rows={1}>
        {({ items }) => {
          const found = (items as unknown as Entry[]).filter((each) => by.uses(each, entryKey));
          if (found.length === 0) return <p>{texts.usedNowhere}</p>;
          return (
            <ul>
              {found.map(({ key }) => (
                <li key={key}>
                  <Link to={`/catalog/${by.kind}/${key}`}>{key}</Link>
                </li>
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Card>
  );
};

const History = ({ kind, entryKey }: { kind: CatalogKind; entryKey: string }) => {
  const { query, rows } = useList('/api/v1/audit', { kind: kind.replace(/s$/, ''), key: entryKey });
  return (
    <Card title={texts.history}>
      <Loaded query={query} rows={2}>
        {() =>
          rows.length === 0 ? (
            <p>{texts.historyNone}</p>
          ) : (
            rows.map(({ id, at, actor, action, changes }) => (
              <div key={id}>
                <p>
                  <When at={at} /> · {actor} · {wordOf({}, action).toLowerCase()}
                </p>
                {action !== 'created' && <Changes of={changes} />}
              </div>
            ))
          )
        }
      </Loaded>
    </Card>
  );
};

const Remove = ({ kind, entry }: { kind: CatalogKind; entry: Entry | undefined }) => {
  const navigate = useNavigate();
  const remove = api.useMutation('delete', `/api/v1/${kind}/{key}` as '/api/v1/networks/{key}', {
    onSuccess: () => void navigate({ to: `/catalog/${kind}` }),
  });
  const ask = (): void => {
    if (entry && window.confirm(texts.removeSure(entry.key))) remove.mutate({ params: { path: { key: entry.key } } });
  };
  return (
    <>
      <Refused error={remove.error} />
      <Button variant="default" onClick={ask} disabled={!entry} loading={remove.isPending}>
        {texts.remove}
      </Button>
    </>
  );
};

const EntryView = ({ kind, entryKey }: { kind: CatalogKind; entryKey: string }) => {
  const mayEdit = useMay('editor');
  const isAdmin = useMay('admin');
  const query = api.useQuery('get', `/api/v1/${kind}/{key}` as '/api/v1/networks/{key}', {
    params: { path: { key: entryKey } },
  });
  const entry = query.data as unknown as Entry | undefined;
  return (
    <Page
      title={entry?.name || entryKey}
      lead={`${texts.kinds[kind].one} ${entryKey}`}
      actions={mayEdit && !query.isError && <Remove kind={kind} entry={entry} />}
    >
      <Loaded query={query}>
        {() =>
          entry && (
            <>
              <Links entry={entry} />
              {kind === 'networks' && <Suggestions networkKey={entryKey} />}
              <Card>
                <EntryEditor key={entry.version} kind={kind} entry={entry} readOnly={!mayEdit} />
              </Card>
            </>
          )
        }
      </Loaded>
      {!query.isError && <Used kind={kind} entryKey={entryKey} />}
      {isAdmin && <History kind={kind} entryKey={entryKey} />}
    </Page>
  );
};

export const EntryPage = () => {
  const { kind, key } = useParams({ strict: false }) as { kind: string; key: string };
  if (!(catalogKinds as readonly string[]).includes(kind)) return <NotFound />;
  return <EntryView key={`${kind} ${key}`} kind={kind as CatalogKind} entryKey={key} />;
};

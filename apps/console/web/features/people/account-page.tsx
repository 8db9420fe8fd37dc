import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import type { Item } from '../../api/answers';
import { api } from '../../api/client';
import { useMe } from '../../app/session';
import { t } from '../../texts/texts';
import { DataTable, type Column } from '../../ui/data-table';
import { Card, Page } from '../../ui/page';
import { Loaded, Refused } from '../../ui/states';
import { Tag } from '../../ui/tag';
import { When } from '../../ui/values';
import styles from '../setup/setup.module.css';

const texts = t.account;
type Session = Item<'/api/v1/sessions'>;

const Password = () => {
  const change = api.useMutation('post', '/api/v1/me/password', {
    onSuccess: () => {
      notifications.show({ message: texts.changed, color: 'green' });
      form.reset();
    },
  });
  const form = useForm({ mode: 'uncontrolled', initialValues: { current: '', next: '' } });
  return (
    <Card title={texts.password}>
      <form className={styles.test} onSubmit={form.onSubmit((body) => change.mutate({ body }))}>
        <PasswordInput
          label={texts.current}
          autoComplete="current-password"
          required
          w={240}
          {...form.getInputProps('current')}
        />
        <PasswordInput
          label={texts.next}
          autoComplete="new-password"
          required
          w={240}
          {...form.getInputProps('next')}
        />
        <Button type="submit" loading={change.isPending}>
          {texts.change}
        </Button>
      </form>
      <Refused error={change.error} />
    </Card>
  );
};

const columnsFor = (end: (id: string) => void): Column<Session>[] => [
  { id: 'seen', header: texts.seen, nowrap: true, cell: ({ seenAt }) => <When at={seenAt} /> },
  { id: 'agent', header: t.clicks.userAgent, cell: ({ browser }) => browser ?? '–' },
  { id: 'address', header: t.clicks.ip, cell: ({ address }) => address ?? '–' },
  {
    id: 'end',
    header: ' ',
    cell: ({ id, isCurrent }) =>
      isCurrent ? (
        <Tag tone="good">{texts.thisOne}</Tag>
      ) : (
        <Button size="compact-sm" variant="default" onClick={() => end(id)}>
          {texts.end}
        </Button>
      ),
  },
];

/** Where one is signed in, and one's password. */
export const AccountPage = () => {
  const me = useMe();
  const queries = useQueryClient();
  const query = api.useQuery('get', '/api/v1/sessions', {});
  const end = api.useMutation('delete', '/api/v1/sessions/{id}', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/sessions'] }),
  });
  return (
    <Page title={texts.title}>
      <Card title={texts.sessions} flush>
        <Refused error={end.error} />
        <Loaded query={query} rows={2}>
          {(data) => (
            <DataTable
              label={texts.sessions}
              columns={columnsFor((id) => end.mutate({ params: { path: { id } } }))}
              rows={data.items}
              keyOf={({ id }) => id}
            />
          )}
        </Loaded>
      </Card>
      {me.data?.user ? <Password /> : <Card>{texts.noPassword}</Card>}
    </Page>
  );
};

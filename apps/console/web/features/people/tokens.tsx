import { Button, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import type { Item, Role } from '../../api/answers';
import { api } from '../../api/client';
import { t } from '../../texts/texts';
import { DataTable, type Column } from '../../ui/data-table';
import { Card } from '../../ui/page';
import { Loaded, Refused } from '../../ui/states';
import { Tag } from '../../ui/tag';
import { CopyLine, When } from '../../ui/values';
import { roleChoices } from './one-time-link';
import styles from '../setup/setup.module.css';

const texts = t.people;
type Token = Item<'/api/v1/tokens'>;

const columnsFor = (revoke: (id: string) => void): Column<Token>[] => [
  { id: 'name', header: texts.columns.name, cell: ({ name }) => name },
  { id: 'role', header: texts.columns.role, cell: ({ role }) => t.shell.account.roles[role] ?? role },
  {
    id: 'used',
    header: texts.lastUsed,
    nowrap: true,
    cell: ({ lastUsedAt }) => (lastUsedAt ? <When at={lastUsedAt} /> : texts.never),
  },
  {
    id: 'actions',
    header: texts.columns.actions,
    cell: ({ id, revokedAt }) =>
      revokedAt ? (
        <Tag tone="calm">{texts.revoked}</Tag>
      ) : (
        <Button size="compact-sm" variant="default" onClick={() => revoke(id)}>
          {texts.revoke}
        </Button>
      ),
  },
];

export const Tokens = () => {
  const queries = useQueryClient();
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/tokens'] });
  const query = api.useQuery('get', '/api/v1/tokens');
  const make = api.useMutation('post', '/api/v1/tokens', { onSuccess });
  const revoke = api.useMutation('delete', '/api/v1/tokens/{id}', { onSuccess });
  const form = useForm({ mode: 'uncontrolled', initialValues: { name: '', role: 'viewer' as Role } });
  const token = make.data?.token;
  const columns = columnsFor((id) => revoke.mutate({ params: { path: { id } } }));
  return (
    <>
      <Card title={texts.tokens} flush>
        <Refused error={revoke.error} />
        <Loaded query={query} rows={2}>
          {({ items }) => <DataTable label={texts.tokens} columns={columns} rows={items} keyOf={({ id }) => id} />}
        </Loaded>
      </Card>
      <Card title={texts.newToken} note={texts.tokensText}>
        <form className={styles.test} onSubmit={form.onSubmit((body) => make.mutate({ body }))}>
          <TextInput label={texts.tokenName} required {...form.getInputProps('name')} />
          <Select label={texts.columns.role} data={roleChoices} allowDeselect={false} {...form.getInputProps('role')} />
          <Button type="submit" variant="default" loading={make.isPending}>
            {texts.addToken}
          </Button>
        </form>
        <Refused error={make.error} />
        {token && (
          <div aria-live="polite">
            <p>{texts.tokenShown}</p>
            <CopyLine text={token} label={texts.tokens} />
          </div>
        )}
      </Card>
    </>
  );
};

import { Button, Select } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Item, Role } from '../../api/answers';
import { api } from '../../api/client';
import { t } from '../../texts/texts';
import { DataTable, type Column } from '../../ui/data-table';
import { Card, Page } from '../../ui/page';
import { Empty, Loaded, Refused } from '../../ui/states';
import { Tag } from '../../ui/tag';
import { When } from '../../ui/values';
import { Invite } from './invite';
import { LinkToSend, roleChoices, type OneTimeLink } from './one-time-link';
import { Tokens } from './tokens';
import styles from '../log/log.module.css';

const texts = t.people;
type User = Item<'/api/v1/users'>;

const useUserChanges = () => {
  const queries = useQueryClient();
  const [link, setLink] = useState<OneTimeLink | null>(null);
  const change = api.useMutation('patch', '/api/v1/users/{id}', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/users'] }),
  });
  const reset = api.useMutation('post', '/api/v1/users/{id}/reset', { onSuccess: setLink });
  return {
    link,
    error: change.error ?? reset.error,
    setRole: (id: string, role: Role) => change.mutate({ params: { path: { id } }, body: { role } }),
    setDisabled: (id: string, disabled: boolean) => change.mutate({ params: { path: { id } }, body: { disabled } }),
    reset: (id: string) => reset.mutate({ params: { path: { id } } }),
  };
};
type UserChanges = ReturnType<typeof useUserChanges>;

const columnsFor = ({ setRole, setDisabled, reset }: UserChanges): Column<User>[] => [
  {
    id: 'name',
    header: texts.columns.name,
    cell: ({ name, disabledAt }) => (
      <>
        {name}{' '}
        {disabledAt && (
          <Tag tone="calm" plain>
            {texts.disabled}
          </Tag>
        )}
      </>
    ),
  },
  { id: 'email', header: texts.columns.email, cell: ({ email }) => email ?? '–' },
  {
    id: 'role',
    header: texts.columns.role,
    cell: ({ id, role, name }) => (
      <Select
        aria-label={`${texts.columns.role}: ${name}`}
        data={roleChoices}
        value={role}
        onChange={(next) => next !== null && next !== role && setRole(id, next as Role)}
        allowDeselect={false}
        size="xs"
      />
    ),
  },
  { id: 'since', header: texts.columns.since, nowrap: true, cell: ({ createdAt }) => <When at={createdAt} /> },
  {
    id: 'actions',
    header: texts.columns.actions,
    wide: true,
    cell: ({ id, disabledAt }) => (
      <span className={styles.says}>
        <Button size="compact-sm" variant="default" onClick={() => reset(id)}>
          {texts.reset}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => setDisabled(id, disabledAt === null)}>
          {disabledAt === null ? texts.disable : texts.enable}
        </Button>
      </span>
    ),
  },
];

export const PeoplePage = () => {
  const query = api.useQuery('get', '/api/v1/users');
  const changes = useUserChanges();
  return (
    <Page title={texts.title} lead={texts.lead}>
      <Card title={texts.users} flush>
        <Refused error={changes.error} />
        {changes.link && (
          <div className={styles.bar}>
            <LinkToSend link={changes.link} />
          </div>
        )}
        <Loaded query={query} rows={3}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={texts.noUsers}>{texts.noUsersText}</Empty>
            ) : (
              <DataTable label={texts.users} columns={columnsFor(changes)} rows={items} keyOf={({ id }) => id} />
            )
          }
        </Loaded>
      </Card>
      <Invite />
      <Tokens />
    </Page>
  );
};

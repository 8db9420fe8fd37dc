import { Button, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import type { Role } from '../../api/answers';
import { api } from '../../api/client';
import { t } from '../../texts/texts';
import { Card } from '../../ui/page';
import { Refused } from '../../ui/states';
import { LinkToSend, roleChoices } from './one-time-link';
import styles from '../setup/setup.module.css';

const texts = t.people;

/** Adds a user and answers the link by which the person chooses a password. */
export const Invite = () => {
  const queries = useQueryClient();
  const invite = api.useMutation('post', '/api/v1/users', {
    onSuccess: () => queries.invalidateQueries({ queryKey: ['get', '/api/v1/users'] }),
  });
  const form = useForm({ mode: 'uncontrolled', initialValues: { name: '', email: '', role: 'viewer' as Role } });
  const invitation = invite.data?.invitation;
  return (
    <Card title={texts.invite} note={texts.inviteText}>
      <form className={styles.test} onSubmit={form.onSubmit((body) => invite.mutate({ body }))}>
        <TextInput label={texts.columns.name} required {...form.getInputProps('name')} />
        <TextInput label={texts.columns.email} type="email" required {...form.getInputProps('email')} />
        <Select label={texts.columns.role} data={roleChoices} allowDeselect={false} {...form.getInputProps('role')} />
        <Button type="submit" loading={invite.isPending}>
          {texts.send}
        </Button>
      </form>
      <Refused error={invite.error} />
      {invitation && <LinkToSend link={invitation} />}
    </Card>
  );
};

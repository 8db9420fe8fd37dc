import { Button, PasswordInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useSearch } from '@tanstack/react-router';
import { client } from '../../api/client';
import { t } from '../../texts/texts';
import { Empty, Refused } from '../../ui/states';
import { Door, useEntrance } from './sign-in-page';
import styles from './sign-in.module.css';

const texts = t.signIn.join;
const minPasswordLength = 12;

/** An invitation or a reset link ends here: choose a password, and be signed in. */
export const JoinPage = () => {
  const { code } = useSearch({ strict: false }) as { code?: string };
  const { enter, error, isBusy } = useEntrance();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { password: '', again: '' },
    validate: {
      password: (value) => (value.length < minPasswordLength ? texts.short : null),
      again: (value, all) => (value === all.password ? null : texts.differ),
    },
  });
  if (code === undefined)
    return (
      <Door title={texts.title}>
        <Empty title={texts.noCode} />
      </Door>
    );
  return (
    <Door title={texts.title} lead={texts.lead}>
      <form
        className={styles.form}
        onSubmit={form.onSubmit(
          ({ password }) => void enter(() => client.POST('/api/v1/join', { body: { code, password } })),
        )}
      >
        <Refused error={error} />
        <PasswordInput
          label={texts.password}
          autoComplete="new-password"
          required
          {...form.getInputProps('password')}
        />
        <PasswordInput label={texts.again} autoComplete="new-password" required {...form.getInputProps('again')} />
        <Button type="submit" loading={isBusy}>
          {texts.submit}
        </Button>
      </form>
    </Door>
  );
};

import { Anchor, Button, PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { client } from '../../api/client';
import { useNext } from '../../app/session';
import { Mark } from '../../app/shell/brand';
import { t } from '../../texts/texts';
import { Refused } from '../../ui/states';
import styles from './sign-in.module.css';

/** The frame of the pages that are shown without a session. */
export const Door = ({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) => (
  <main className={styles.frame}>
    <div className={styles.card}>
      <Mark size={36} />
      <h1>{title}</h1>
      {lead && <p className={styles.lead}>{lead}</p>}
      {children}
    </div>
  </main>
);

/** Runs a call that opens a session, and goes where the person wanted to go. */
export const useEntrance = () => {
  const queries = useQueryClient();
  const router = useRouter();
  const next = useNext();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const enter = async (call: () => Promise<{ error?: unknown }>): Promise<void> => {
    setBusy(true);
    try {
      const { error: refusal } = await call();
      setError(refusal ?? null);
      if (refusal !== undefined) return;
      queries.clear();
      router.history.push(next);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return { enter, error, isBusy };
};

const PasswordForm = () => {
  const { enter, error, isBusy } = useEntrance();
  const form = useForm({ mode: 'uncontrolled', initialValues: { email: '', password: '' } });
  return (
    <form
      className={styles.form}
      onSubmit={form.onSubmit((body) => void enter(() => client.POST('/api/v1/session', { body })))}
    >
      <Refused error={error} />
      <TextInput
        label={t.signIn.email}
        type="email"
        autoComplete="username"
        required
        {...form.getInputProps('email')}
      />
      <PasswordInput
        label={t.signIn.password}
        autoComplete="current-password"
        required
        {...form.getInputProps('password')}
      />
      <Button type="submit" loading={isBusy}>
        {t.signIn.submit}
      </Button>
    </form>
  );
};

const TokenForm = () => {
  const { enter, error, isBusy } = useEntrance();
  const form = useForm({ mode: 'uncontrolled', initialValues: { token: '' } });
  return (
    <form
      className={styles.form}
      onSubmit={form.onSubmit(
        ({ token }) => void enter(() => client.POST('/api/v1/session', { body: { token: token.trim() } })),
      )}
    >
      <Refused error={error} />
      <PasswordInput
        label={t.signIn.token}
        description={t.signIn.tokenHint}
        autoComplete="off"
        required
        {...form.getInputProps('token')}
      />
      <Button type="submit" loading={isBusy}>
        {t.signIn.submit}
      </Button>
    </form>
  );
};

export const SignInPage = () => {
  const [byToken, setByToken] = useState(false);
  return (
    <Door title={t.signIn.title}>
      {byToken ? <TokenForm /> : <PasswordForm />}
      <p className={styles.switch}>
        <Anchor component="button" type="button" onClick={() => setByToken(!byToken)}>
          {byToken ? t.signIn.withPassword : t.signIn.withToken}
        </Anchor>
      </p>
      {!byToken && <p className={styles.switch}>{t.signIn.forgot}</p>}
    </Door>
  );
};

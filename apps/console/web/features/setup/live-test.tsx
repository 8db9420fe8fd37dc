import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import type { TestStep } from '../../api/coming';
import { t, wordOf } from '../../texts/texts';
import { Icon } from '../../ui/icon';
import { Card } from '../../ui/page';
import { Refused } from '../../ui/states';
import { When } from '../../ui/values';
import { detailOf, stepStateOf, testIsOver } from './test-steps';
import styles from './setup.module.css';

const texts = t.setup.test;

type Test = { id: string; steps: TestStep[]; conversionId?: string | null };

const StepLine = ({ step }: { step: TestStep }) => {
  const state = stepStateOf(step.state);
  const detail = detailOf(step.detail);
  return (
    <li>
      <span className={styles.dot} data-state={state}>
        <Icon name={state === 'done' ? 'check' : state === 'failed' ? 'cross' : 'wait'} size={14} />
      </span>
      <span>
        <strong>{wordOf(texts.steps, step.step)}</strong>
        {detail && <div className={styles.detail}>{detail}</div>}
      </span>
      <span className={styles.detail}>{step.at ? <When at={step.at} /> : wordOf(texts.states, step.state)}</span>
    </li>
  );
};

/** The steps of one test as they happen. */
const Steps = ({ id }: { id: string }) => {
  const query = api.useQuery(
    'get',
    '/api/v1/tests/{id}',
    { params: { path: { id } } } as never,
    {
      refetchInterval: ({ state: { data } }: { state: { data: unknown } }) =>
        data && testIsOver((data as Test).steps) ? false : 700,
    } as never,
  ) as unknown as { data: Test | undefined; error: unknown };
  const { data } = query;
  if (!data) return <Refused error={query.error} />;
  const states = data.steps.map(({ state }) => stepStateOf(state));
  const isOver = testIsOver(data.steps);
  const conversionId =
    data.conversionId ??
    data.steps.map(({ detail }) => (detail as { conversionId?: string } | null)?.conversionId).find(Boolean);
  return (
    <div aria-live="polite">
      <ol className={styles.steps}>
        {data.steps.map((step) => (
          <StepLine key={step.step} step={step} />
        ))}
      </ol>
      {isOver && (
        <p>
          <strong>{states.includes('failed') ? texts.failed : texts.works}</strong>{' '}
          {conversionId && <Link to={`/conversions/${conversionId}`}>{texts.openConversion}</Link>}
        </p>
      )}
    </div>
  );
};

/** A real test click and postback through the whole system. */
export const LiveTest = ({ campaignKey }: { campaignKey: string }) => {
  const [amount, setAmount] = useState('12.50');
  const start = api.useMutation('post', '/api/v1/tests');
  const test = start.data as unknown as Test | undefined;
  return (
    <Card title={texts.title} note={texts.note}>
      <form
        className={styles.test}
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate({ body: { campaignKey, amount, status: 'approved' } } as never);
        }}
      >
        <TextInput
          label={texts.amount}
          value={amount}
          onChange={({ currentTarget }) => setAmount(currentTarget.value)}
          inputMode="decimal"
          w={140}
        />
        <Button type="submit" loading={start.isPending}>
          {test ? texts.again : texts.run}
        </Button>
      </form>
      <Refused error={start.error} />
      {test && <Steps key={test.id} id={test.id} />}
    </Card>
  );
};

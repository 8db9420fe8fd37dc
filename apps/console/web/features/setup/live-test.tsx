import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client';
import { t, wordOf } from '../../texts/texts';
import { Icon } from '../../ui/icon';
import { Card } from '../../ui/page';
import { LoadingRows, Refused } from '../../ui/states';
import { When } from '../../ui/values';
import { changeEntry } from '../catalog/change-entry';
import { conversionOf, detailOf, keptFrom, type Test, type TestStep } from './test-steps';
import { withTestsSent } from './tests-too';
import styles from './setup.module.css';

const texts = t.setup.test;
const stepCount = Object.keys(texts.steps).length;
const icons = { done: 'check', failed: 'cross', waiting: 'wait', skipped: 'right' } as const;

const StepLine = ({ step }: { step: TestStep }) => {
  const detail = detailOf(step);
  return (
    <li>
      <span className={styles.dot} data-state={step.state}>
        <Icon name={icons[step.state]} size={14} />
      </span>
      <span>
        <strong>{wordOf(texts.steps, step.step)}</strong>
        {detail && <div className={styles.detail}>{detail}</div>}
      </span>
      <span className={styles.detail}>
        {step.at && step.state === 'done' ? <When at={step.at} /> : wordOf(texts.states, step.state)}
      </span>
    </li>
  );
};

/** Test conversions are kept from ad networks unless a destination takes them. */
const SendTestsToo = ({ destinationKey, changed }: { destinationKey: string; changed: () => void }) => {
  const queries = useQueryClient();
  const [kind = '', key = ''] = destinationKey.split(':');
  const change = useMutation({
    mutationFn: () => changeEntry(kind === 'campaign' ? 'campaigns' : 'sources', key, withTestsSent),
    onSuccess: () => {
      void queries.invalidateQueries();
      changed();
    },
  });
  return (
    <>
      <Refused error={change.error} />
      <p>{texts.kept(key)}</p>
      <Button variant="default" loading={change.isPending} onClick={() => change.mutate()}>
        {texts.sendToo}
      </Button>
    </>
  );
};

const verdictOf = ({ steps }: Test): string => {
  const states = steps.map(({ state }) => state);
  if (states.includes('failed')) return texts.failed;
  return states.includes('skipped') ? texts.worksUntil : texts.works;
};

/** The steps of one test as they happen. */
const Steps = ({ id, again }: { id: string; again: () => void }) => {
  const { data, error } = api.useQuery(
    'get',
    '/api/v1/tests/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state: { data: test } }) => (test?.settled ? false : 500) },
  );
  if (!data) return error ? <Refused error={error} /> : <LoadingRows rows={stepCount} />;
  const conversionId = conversionOf(data);
  const destinationKey = keptFrom(data);
  return (
    <div aria-live="polite">
      <ol className={styles.steps}>
        {data.steps.map((step) => (
          <StepLine key={step.step} step={step} />
        ))}
      </ol>
      {data.settled && (
        <p>
          <strong>{verdictOf(data)}</strong>{' '}
          {conversionId && <Link to={`/conversions/${conversionId}`}>{texts.openConversion}</Link>}
        </p>
      )}
      {destinationKey && <SendTestsToo destinationKey={destinationKey} changed={again} />}
    </div>
  );
};

/** A real test click and postback through the whole system. */
export const LiveTest = ({ campaignKey }: { campaignKey: string }) => {
  const [amount, setAmount] = useState('12.50');
  const start = api.useMutation('post', '/api/v1/tests');
  const run = (): void => start.mutate({ body: { campaignKey, amount, status: 'approved' } });
  return (
    <Card title={texts.title} note={texts.note}>
      <form
        className={styles.test}
        onSubmit={(event) => {
          event.preventDefault();
          run();
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
          {start.data ? texts.again : texts.run}
        </Button>
      </form>
      <Refused error={start.error} />
      {start.isPending && <LoadingRows rows={stepCount} />}
      {start.data && !start.isPending && <Steps key={start.data.id} id={start.data.id} again={run} />}
    </Card>
  );
};

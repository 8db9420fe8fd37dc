import { Button, Checkbox, Modal, Progress } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Answer, Body } from '../../api/answers';
import { api, client } from '../../api/client';
import { resultOf } from '../../api/job';
import { problemOf } from '../../api/problem';
import { formatCount } from '../../lib/amount';
import { t } from '../../texts/texts';
import { Refused } from '../../ui/states';
import { useJob } from '../jobs/use-job';
import styles from '../log/log.module.css';

const texts = t.deliveries.replay;
type Outcome = Answer<'/api/v1/deliveries/replay', 'post'>;
type Filter = Body<'/api/v1/deliveries/replay'>['filter'];

/** Sent as a job: its progress is shown, and the page can be left. */
const useSend = () =>
  useMutation({
    mutationFn: async (body: Body<'/api/v1/deliveries/replay'>) => {
      const { data, error } = await client.POST('/api/v1/deliveries/replay', {
        params: { header: { Prefer: 'respond-async' } },
        body,
      });
      if (error) throw problemOf(error);
      return (data as { job: { id: string } }).job.id;
    },
  });

const Sending = ({ jobId, close }: { jobId: string; close: () => void }) => {
  const queries = useQueryClient();
  const { data: job, error } = useJob(jobId);
  const isDone = job?.state === 'done';
  useEffect(() => {
    if (isDone) void queries.invalidateQueries();
  }, [isDone, queries]);
  const { replayed = 0 } = (job?.result ?? {}) as Partial<Outcome>;
  return (
    <div aria-live="polite">
      <Refused error={error ?? job?.problem} />
      {isDone ? (
        <p>{texts.done(formatCount(replayed))}</p>
      ) : (
        <>
          <p>{texts.sending(formatCount(job?.done ?? 0))}</p>
          <Progress value={100} animated striped aria-label={texts.title} />
        </>
      )}
      <div className={styles.actions}>
        <Button variant="default" onClick={close}>
          {t.states.close}
        </Button>
        <Button component={Link} to="/jobs" variant="default">
          {t.jobs.title}
        </Button>
      </div>
    </div>
  );
};

const Steps = ({ filter, close }: { filter: Filter; close: () => void }) => {
  const [force, setForce] = useState(false);
  const check = api.useMutation('post', '/api/v1/deliveries/replay');
  const send = useSend();
  const outcome = resultOf(check.data);
  if (send.data) return <Sending jobId={send.data} close={close} />;
  return (
    <>
      <p>{texts.text}</p>
      <Checkbox
        label={texts.force}
        checked={force}
        onChange={({ currentTarget }) => {
          setForce(currentTarget.checked);
          check.reset();
        }}
      />
      <Refused error={check.error ?? send.error} />
      {outcome && (
        <p>
          {outcome.replayed === 0
            ? texts.nothing
            : texts.result(formatCount(outcome.matched), formatCount(outcome.replayed))}{' '}
          {outcome.delivered > 0 && !force && texts.kept(formatCount(outcome.delivered))}
        </p>
      )}
      <div className={styles.actions}>
        {outcome && outcome.replayed > 0 ? (
          <Button loading={send.isPending} onClick={() => send.mutate({ filter, force })}>
            {texts.confirm(formatCount(outcome.replayed))}
          </Button>
        ) : (
          <Button loading={check.isPending} onClick={() => check.mutate({ body: { filter, force, dryRun: true } })}>
            {texts.check}
          </Button>
        )}
        <Button variant="default" onClick={close}>
          {t.states.cancel}
        </Button>
      </div>
    </>
  );
};

/** First a count of what would be sent, then the sending. */
export const SendAgain = ({ filters }: { filters: Record<string, string> }) => {
  const [opened, { open, close }] = useDisclosure(false);
  const isEmpty = Object.keys(filters).length === 0;
  return (
    <>
      <Button variant="default" onClick={open}>
        {texts.open}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={texts.title}
        centered
        closeButtonProps={{ 'aria-label': t.states.close }}
      >
        {isEmpty ? <p>{texts.needFilter}</p> : <Steps filter={filters as Filter} close={close} />}
      </Modal>
    </>
  );
};

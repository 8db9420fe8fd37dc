import { Button, Checkbox, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { formatCount } from '../../lib/amount';
import { t } from '../../texts/texts';
import { Refused } from '../../ui/states';
import styles from '../log/log.module.css';

const texts = t.deliveries.replay;

type Outcome = { matched: number; replayed: number; delivered: number };

/** The filters of the list as the replay takes them. */
const filterOf = ({ state, ...filters }: Record<string, string>): Record<string, unknown> => ({
  ...filters,
  ...(state && { states: state.split(',') }),
});

const Steps = ({ filters, close }: { filters: Record<string, string>; close: () => void }) => {
  const [force, setForce] = useState(false);
  const queries = useQueryClient();
  const check = api.useMutation('post', '/api/v1/deliveries/replay');
  const send = api.useMutation('post', '/api/v1/deliveries/replay', {
    onSuccess: (answer) => {
      notifications.show({ message: texts.done(formatCount((answer as unknown as Outcome).replayed)), color: 'green' });
      void queries.invalidateQueries();
      close();
    },
  });
  const outcome = check.data as unknown as Outcome | undefined;
  const body = { filter: filterOf(filters), force };
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
          <Button loading={send.isPending} onClick={() => send.mutate({ body } as never)}>
            {texts.confirm(formatCount(outcome.replayed))}
          </Button>
        ) : (
          <Button loading={check.isPending} onClick={() => check.mutate({ body: { ...body, dryRun: true } } as never)}>
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
        {isEmpty ? <p>{texts.needFilter}</p> : <Steps filters={filters} close={close} />}
      </Modal>
    </>
  );
};

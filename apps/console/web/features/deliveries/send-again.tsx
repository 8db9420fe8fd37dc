import { Button, Checkbox, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Body } from '../../api/answers';
import { api } from '../../api/client';
import { formatCount } from '../../lib/amount';
import { t } from '../../texts/texts';
import { Refused } from '../../ui/states';
import styles from '../log/log.module.css';

const texts = t.deliveries.replay;

type Filter = Body<'/api/v1/deliveries/replay'>['filter'];

const namedAlike = ['destinationKey', 'reason', 'cause', 'from', 'to'] as const;

/** The filters of the list as the replay takes them, and those that it does not take: with one of
 * them it would send more than the list shows. */
const filterOf = ({
  state,
  conversionId,
  ...others
}: Record<string, string>): { filter: Filter; unknown: string[] } => {
  const known = Object.entries(others).filter(([name]) => namedAlike.some((each) => each === name));
  return {
    filter: {
      ...(Object.fromEntries(known) as Filter),
      ...(conversionId && { conversionIds: conversionId.split(',') }),
      ...(state && { states: state.split(',') as NonNullable<Filter['states']> }),
    },
    unknown: Object.keys(others).filter((name) => !namedAlike.some((each) => each === name)),
  };
};

const Steps = ({ filter, close }: { filter: Filter; close: () => void }) => {
  const [force, setForce] = useState(false);
  const queries = useQueryClient();
  const check = api.useMutation('post', '/api/v1/deliveries/replay');
  const send = api.useMutation('post', '/api/v1/deliveries/replay', {
    onSuccess: (answer) => {
      notifications.show({ message: texts.done(formatCount(answer.replayed)), color: 'green' });
      void queries.invalidateQueries();
      close();
    },
  });
  const outcome = check.data;
  const body = { filter, force };
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
          <Button loading={send.isPending} onClick={() => send.mutate({ body: { ...body, dryRun: false } })}>
            {texts.confirm(formatCount(outcome.replayed))}
          </Button>
        ) : (
          <Button loading={check.isPending} onClick={() => check.mutate({ body: { ...body, dryRun: true } })}>
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
  const { filter, unknown } = filterOf(filters);
  const isEmpty = Object.keys(filter).length === 0;
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
        {unknown.length > 0 ? (
          <p>{texts.unknownFilters(unknown.join(', '))}</p>
        ) : isEmpty ? (
          <p>{texts.needFilter}</p>
        ) : (
          <Steps filter={filter} close={close} />
        )}
      </Modal>
    </>
  );
};

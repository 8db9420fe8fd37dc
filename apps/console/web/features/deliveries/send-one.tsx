import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { resultOf } from '../../api/job';
import { useMay } from '../../app/session';
import { t } from '../../texts/texts';
import { Refused } from '../../ui/states';
import type { Delivery } from './delivery';

const texts = t.deliveries.drawer;

/** Sends what is parked again, and tries what waits for its next attempt now. What was accepted is
 * sent again from the list only, where that has to be chosen. */
export const SendOne = ({ delivery: { id, state } }: { delivery: Delivery }) => {
  const mayEdit = useMay('editor');
  const queries = useQueryClient();
  const send = api.useMutation('post', '/api/v1/deliveries/replay', {
    onSuccess: () => void queries.invalidateQueries(),
  });
  const replayed = resultOf(send.data)?.replayed;
  if (!mayEdit || (state !== 'parked' && state !== 'waiting')) return null;
  return (
    <>
      <Button loading={send.isPending} onClick={() => send.mutate({ body: { filter: { id } } })}>
        {state === 'parked' ? texts.resend : texts.tryNow}
      </Button>
      <Refused error={send.error} />
      {replayed === 0 && <p aria-live="polite">{texts.notResent}</p>}
    </>
  );
};

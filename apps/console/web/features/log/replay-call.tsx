import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Answer } from '../../api/answers';
import { api } from '../../api/client';
import { resultOf } from '../../api/job';
import { t, wordOf } from '../../texts/texts';
import { Refused } from '../../ui/states';
import { Amount } from '../../ui/values';
import type { Postback } from './postbacks';
import styles from './log.module.css';

const texts = t.log.replay;

type Outcome = Answer<'/api/v1/postbacks/replay', 'post'>;

const becomesOf = ({ becomes }: Outcome): string => {
  const [code] = Object.keys(becomes);
  if (code === undefined || code === 'decided') return texts.decided;
  return wordOf(t.refusals, code).toLowerCase();
};

const WouldBe = ({ outcome }: { outcome: Outcome }) => {
  if (outcome.replayed === 0) return <p>{texts.unchanged}</p>;
  const fields = Object.keys(outcome.changes).map((field) => wordOf(t.words.field, field));
  return (
    <>
      <p>
        {texts.becomes}: <strong>{becomesOf(outcome)}</strong>. {fields.length > 0 && texts.changed(fields.join(', '))}
      </p>
      {outcome.moves?.money.map(({ currency, ...buckets }) => (
        <p key={currency}>
          {texts.moves}:{' '}
          {Object.entries(buckets).map(([bucket, amount]) =>
            amount === '0' ? null : (
              <span key={bucket}>
                <Amount amount={amount} currency={currency} /> {wordOf(t.words.bucket, bucket)}{' '}
              </span>
            ),
          )}
        </p>
      ))}
    </>
  );
};

/** Shows what a replay would do before the button that runs it. */
export const ReplayCall = ({ call }: { call: Postback }) => {
  const queries = useQueryClient();
  const check = api.useMutation('post', '/api/v1/postbacks/replay');
  const replay = api.useMutation('post', '/api/v1/postbacks/replay', {
    onSuccess: () => {
      notifications.show({ message: texts.done, color: 'green' });
      check.reset();
      window.setTimeout(() => void queries.invalidateQueries(), 1_500);
    },
  });
  const filter = { id: call.id, ...(call.refusal && { refusal: call.refusal }) };
  const outcome = resultOf(check.data);
  return (
    <div className={`${styles.verdict} ${styles.section}`}>
      <h3>{texts.title}</h3>
      <Refused error={check.error ?? replay.error} />
      {outcome && <WouldBe outcome={outcome} />}
      <div className={styles.actions}>
        {outcome && outcome.replayed > 0 ? (
          <Button loading={replay.isPending} onClick={() => replay.mutate({ body: { filter } })}>
            {texts.confirm}
          </Button>
        ) : (
          <Button
            variant="default"
            loading={check.isPending}
            onClick={() => check.mutate({ body: { filter, dryRun: true } })}
          >
            {texts.check}
          </Button>
        )}
        {call.networkKey && (
          <Button component={Link} to={`/catalog/networks/${call.networkKey}`} variant="default">
            {texts.network}
          </Button>
        )}
      </div>
    </div>
  );
};

import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Item } from '../../api/answers';
import { api } from '../../api/client';
import { useMay } from '../../app/session';
import { formatCount } from '../../lib/amount';
import { suggestions as texts } from '../../texts/en/suggestions';
import { Card } from '../../ui/page';
import { Loaded, Refused } from '../../ui/states';
import styles from './catalog.module.css';

type Suggestion = Item<'/api/v1/networks/{key}/suggestions'>;

const Apply = ({ networkKey, of: { code, about } }: { networkKey: string; of: Suggestion }) => {
  const queries = useQueryClient();
  const apply = api.useMutation('post', '/api/v1/networks/{key}/suggestions', {
    onSuccess: ({ replay }) => {
      const replayed = replay ? texts.replayed(formatCount(replay.replayed)) : '';
      notifications.show({ message: `${texts.applied} ${replayed}`, color: 'green' });
      void queries.invalidateQueries();
    },
  });
  const send = (): void => apply.mutate({ params: { path: { key: networkKey } }, body: { code, about, replay: true } });
  return (
    <>
      <Button size="compact-sm" loading={apply.isPending} onClick={send}>
        {texts.apply}
      </Button>
      <Refused error={apply.error} />
    </>
  );
};

/** Settings that the last calls of a network suggest, each with a call that shows it and, where the
 * calls decide it, the change. */
export const Suggestions = ({ networkKey }: { networkKey: string }) => {
  const mayEdit = useMay('editor');
  const query = api.useQuery('get', '/api/v1/networks/{key}/suggestions', { params: { path: { key: networkKey } } });
  return (
    <Card title={texts.title} label={texts.title} note={query.data && texts.note(formatCount(query.data.calls))}>
      <Loaded query={query} rows={1}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{texts.none}</p>
          ) : (
            <ul className={styles.suggestions}>
              {items.map((item) => (
                <li key={`${item.code} ${item.about ?? ''}`}>
                  <span>{item.message}</span>
                  {item.sampleId !== null && (
                    <Link to="/log" search={{ open: item.sampleId }}>
                      {item.code === 'status_word' && mayEdit ? texts.map : texts.sample}
                    </Link>
                  )}
                  {mayEdit && item.change !== null && <Apply networkKey={networkKey} of={item} />}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
};

import { Button, Checkbox, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Body } from '../../api/answers';
import { api } from '../../api/client';
import { formatCount } from '../../lib/amount';
import { t } from '../../texts/texts';
import { Refused } from '../../ui/states';
import styles from './log.module.css';

const texts = t.log.map;
type Meaning = Body<'/api/v1/networks/{key}/statuses'>['meaning'];
const meanings = Object.entries(t.words.meaning).map(([value, label]) => ({ value: value as Meaning, label }));

/** Adds one status word to a network's settings, and replays the calls that carried it. */
export const MapWord = ({ word, networkKey }: { word: string; networkKey: string }) => {
  const [meaning, setMeaning] = useState<Meaning | null>(null);
  const [replay, setReplay] = useState(true);
  const queries = useQueryClient();
  const map = api.useMutation('post', '/api/v1/networks/{key}/statuses', {
    onSuccess: ({ replay: outcome }) => {
      const replayed = outcome ? texts.replayed(formatCount(outcome.replayed)) : '';
      notifications.show({ message: `${texts.done(word)}. ${replayed}`, color: 'green' });
      void queries.invalidateQueries();
    },
  });
  return (
    <form
      className={`${styles.verdict} ${styles.section}`}
      onSubmit={(event) => {
        event.preventDefault();
        if (meaning) map.mutate({ params: { path: { key: networkKey } }, body: { word, meaning, replay } });
      }}
    >
      <h3>{texts.title(word)}</h3>
      <p>{texts.text(networkKey)}</p>
      <Refused error={map.error} />
      <div className={styles.actions}>
        <Select
          aria-label={texts.choose}
          placeholder={texts.choose}
          data={meanings}
          value={meaning}
          onChange={(value) => setMeaning(value as Meaning | null)}
          w={260}
        />
        <Button type="submit" disabled={meaning === null} loading={map.isPending}>
          {texts.submit}
        </Button>
      </div>
      <Checkbox
        mt="sm"
        label={texts.replay}
        checked={replay}
        onChange={({ currentTarget }) => setReplay(currentTarget.checked)}
      />
    </form>
  );
};

import { Button, Checkbox, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { t } from '../../texts/texts';
import { Refused } from '../../ui/states';
import styles from './log.module.css';

const texts = t.log.map;

/** Teaches a network's settings one status word, and replays the calls that carried it. */
export const MapWord = ({ word, networkKey }: { word: string; networkKey: string }) => {
  const [meaning, setMeaning] = useState<string | null>(null);
  const [replay, setReplay] = useState(true);
  const queries = useQueryClient();
  const map = api.useMutation('post', '/api/v1/networks/{key}/statuses', {
    onSuccess: () => {
      notifications.show({ message: texts.done(word), color: 'green' });
      void queries.invalidateQueries();
    },
  });
  const send = (): void =>
    map.mutate({ params: { path: { key: networkKey } }, body: { word, meaning: meaning ?? '', replay } } as never);
  return (
    <form
      className={`${styles.verdict} ${styles.section}`}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <h3>{texts.title(word)}</h3>
      <p>{texts.text(networkKey)}</p>
      <Refused error={map.error} />
      <div className={styles.actions}>
        <Select
          aria-label={texts.choose}
          placeholder={texts.choose}
          data={Object.entries(t.words.meaning).map(([value, label]) => ({ value, label }))}
          value={meaning}
          onChange={setMeaning}
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

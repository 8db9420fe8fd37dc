import { Button, Checkbox, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../api/client';
import { problemOf } from '../../api/problem';
import { t } from '../../texts/texts';
import { Refused } from '../../ui/states';
import { settingsOf, type Entry } from '../catalog/entry';
import styles from './log.module.css';

const texts = t.log.map;

/** The network's settings with the word in them, saved against the version they were read at; then
 * its calls, read again. */
const teach = async (networkKey: string, word: string, meaning: string, replay: boolean): Promise<void> => {
  const path = { key: networkKey };
  const { data, error } = await client.GET('/api/v1/networks/{key}', { params: { path } });
  if (error) throw problemOf(error);
  const network = data as unknown as Entry;
  const settings = { ...settingsOf('networks', network), statusMap: { ...network.statusMap, [word]: meaning } };
  const saved = await client.PUT('/api/v1/networks/{key}', {
    params: { path },
    headers: { 'if-match': `"${network.version}"` },
    body: settings as never,
  });
  if (saved.error) throw problemOf(saved.error);
  if (!replay) return;
  const filter = { networkKey, refusal: 'status_unmapped', statusWord: word };
  const replayed = await client.POST('/api/v1/postbacks/replay', { body: { filter } as never });
  if (replayed.error) throw problemOf(replayed.error);
};

/** Teaches a network's settings one status word, and replays the calls that carried it. */
export const MapWord = ({ word, networkKey }: { word: string; networkKey: string }) => {
  const [meaning, setMeaning] = useState<string | null>(null);
  const [replay, setReplay] = useState(true);
  const queries = useQueryClient();
  const map = useMutation({
    mutationFn: () => teach(networkKey, word, meaning ?? '', replay),
    onSuccess: () => {
      notifications.show({ message: texts.done(word), color: 'green' });
      void queries.invalidateQueries();
    },
  });
  return (
    <form
      className={`${styles.verdict} ${styles.section}`}
      onSubmit={(event) => {
        event.preventDefault();
        map.mutate();
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

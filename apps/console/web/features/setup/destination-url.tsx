import { Button, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { api } from '../../api/client';
import { t, wordOf } from '../../texts/texts';
import { Findings } from '../../ui/findings';
import { Code } from '../../ui/values';
import styles from './setup.module.css';

const texts = t.setup.source;
const macros = ['{click_id}', '{value}', '{currency}', '{status}', '{transaction_id}', '{event}'];

/** What the linter says of a template, and how a conversion would be sent, while one types. */
const usePreview = (url: string) => {
  const [settled] = useDebouncedValue(url.trim(), 300);
  const destination = { url: settled };
  const query = api.useQuery(
    'post',
    '/api/v1/destinations/preview',
    {
      body: {
        destination,
        click: { externalId: 'their-click-1' },
        conversion: { amount: '12.50', currency: 'USD', transactionId: 'T-1' },
      },
    },
    { enabled: settled.length >= 8, staleTime: 60_000, retry: false },
  );
  return settled.length < 8 ? undefined : query.data;
};

type Props = { value: string; onChange: (url: string) => void; error?: string | undefined };

/** The source's postback URL with macros, checked in place. */
export const DestinationUrl = ({ value, onChange, error }: Props) => {
  const preview = usePreview(value);
  const problems = preview?.problems ?? [];
  return (
    <div>
      <Textarea
        label={texts.url}
        description={texts.urlHint}
        placeholder={texts.urlExample}
        autosize
        minRows={2}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        error={error}
        spellCheck={false}
      />
      <div className={styles.macros}>
        {texts.insert}
        {macros.map((macro) => (
          <Button key={macro} size="compact-xs" variant="default" onClick={() => onChange(value + macro)}>
            {macro}
          </Button>
        ))}
      </div>
      <Findings of={problems} fix={(text, suggestion) => onChange(value.replace(text, suggestion))} />
      {preview?.url && (
        <>
          <p className={styles.hint}>{texts.preview}</p>
          <Code>{`${preview.method ?? 'GET'} ${preview.url}`}</Code>
        </>
      )}
      {preview && !preview.send && preview.reason && problems.length === 0 && (
        <p className={styles.hint}>{wordOf(t.words.reason, preview.reason)}</p>
      )}
      {value === '' && <p className={styles.hint}>{texts.none}</p>}
    </div>
  );
};

import { Button } from '@mantine/core';
import { api } from '../../api/client';
import { t, wordOf } from '../../texts/texts';
import { Card } from '../../ui/page';
import { Refused } from '../../ui/states';
import { Tag } from '../../ui/tag';
import { Code } from '../../ui/values';

const texts = t.deliveries.one;

/** One real call for a made-up conversion, and what was answered. */
export const DestinationTest = ({ destinationKey }: { destinationKey: string }) => {
  const test = api.useMutation('post', '/api/v1/destinations/test');
  const outcome = test.data;
  return (
    <Card title={texts.test} note={texts.testText}>
      <Refused error={test.error} />
      <Button variant="default" loading={test.isPending} onClick={() => test.mutate({ body: { destinationKey } })}>
        {texts.testSend}
      </Button>
      {outcome && (
        <div aria-live="polite">
          <p>
            <Tag tone={outcome.attempt?.outcome === 'delivered' ? 'good' : 'bad'}>
              {outcome.attempt
                ? texts.testSent(String(outcome.attempt.status ?? t.deliveries.noAnswer), `${outcome.attempt.ms} ms`)
                : texts.testNot}
            </Tag>{' '}
            {outcome.reason && wordOf(t.words.reason, outcome.reason)}
          </p>
          {outcome.attempt?.answer && <Code>{outcome.attempt.answer}</Code>}
        </div>
      )}
    </Card>
  );
};

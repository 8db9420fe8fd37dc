import type { Answer } from '../../api/answers';
import { t, wordOf } from '../../texts/texts';

export type Test = Answer<'/api/v1/tests/{id}'>;
export type TestStep = Test['steps'][number];

const textAt = (detail: TestStep['detail'], name: string): string | null => {
  const value = detail[name];
  return typeof value === 'string' && value !== '' ? value : null;
};

/** The step's detail in one line: why it failed or is not needed in words, else what was called and
 * answered. */
export const detailOf = ({ step, state, detail }: TestStep): string => {
  const sentence = [textAt(detail, 'sentence'), textAt(detail, 'remedy')].filter(Boolean).join(' ');
  if (sentence !== '') return sentence;
  const reason = textAt(detail, 'reason');
  if (reason !== null) return wordOf(t.setup.test.reasons, reason);
  const error = textAt(detail, 'error');
  if (error !== null) return error;
  const { status } = detail;
  const isFailed = state === 'failed' && typeof status === 'number' && step !== 'delivery';
  const answered =
    typeof status === 'number' && (step === 'delivery' || isFailed) ? t.conversions.one.answered(status) : null;
  return [answered, textAt(detail, 'location') ?? textAt(detail, 'url')].filter(Boolean).join(' · ');
};

/** The destination that would receive the test if its settings let it. */
export const keptFrom = ({ steps }: Test): string | null => {
  const delivery = steps.find(({ step }) => step === 'delivery');
  if (delivery?.state !== 'skipped' || delivery.detail['reason'] !== 'test_not_sent') return null;
  return textAt(delivery.detail, 'destinationKey');
};

export const conversionOf = ({ steps }: Test): string | null =>
  steps.map(({ detail }) => textAt(detail, 'conversionId')).find((id) => id !== null) ?? null;

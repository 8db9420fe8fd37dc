import { Pool } from 'undici';
import { paced } from './senders.js';

/** Wrong passwords in a process of their own, so that sending them does not slow the one that
 *  measures. Messages in: an order. Out, when it is over: the answers by status. */
export type SignInOrder = { url: string; perSecond: number; seconds: number; addresses: number };
export type SignInAnswers = Record<string, number>;

/** Half of them guess at a person who exists. */
const emailOf = (index: number): string => (index % 2 === 0 ? 'ada@example.com' : `stranger-${index}@example.com`);

const flood = async ({ url, perSecond, seconds, addresses }: SignInOrder): Promise<SignInAnswers> => {
  const pool = new Pool(url, { connections: 100, headersTimeout: 30_000, bodyTimeout: 30_000 });
  const answers: SignInAnswers = {};
  await paced(perSecond, seconds, async (index) => {
    let name: string;
    try {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/api/v1/session',
        headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${index % addresses}` },
        body: JSON.stringify({ email: emailOf(index), password: `wrong password ${index}` }),
      });
      await body.dump();
      name = String(statusCode);
    } catch {
      name = 'none';
    }
    answers[name] = (answers[name] ?? 0) + 1;
  });
  await pool.destroy();
  return answers;
};

process.on('message', (order: SignInOrder) => void flood(order).then((answers) => process.send?.(answers)));
process.on('disconnect', () => process.exit(0));

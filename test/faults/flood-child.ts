import { openSender, paced, type Sent } from './senders.js';

/** Callers in a process of their own, so that what they do takes no time from the process that
 *  measures, nor from each other. Messages in: one round of calls. Out: what became of it. */

export type FloodRound = {
  /** Names the calls of the round. */
  phase: string;
  seconds: number;
  streams: readonly {
    perSecond: number;
    /** `[<n>]` becomes the number of the call. Taken in turn. */
    paths: readonly string[];
    /** As networks do: again until it is answered OK. */
    persists: boolean;
    /** Sent as a body that says nothing. */
    bodyBytes?: number;
  }[];
};
export type FloodAnswer = {
  statuses: Record<string, number>;
  /** Of the calls of streams that persist: ids of the postbacks, and how long each answer took. */
  accepted: string[];
  unanswered: number;
  ms: number[];
};

const sender = openSender(process.argv[2] ?? '', Number(process.argv[3] ?? 64));

const play = async ({ phase, seconds, streams }: FloodRound): Promise<FloodAnswer> => {
  const answer: FloodAnswer = { statuses: {}, accepted: [], unanswered: 0, ms: [] };
  const note = ({ status, id, ms }: Sent, persists: boolean): void => {
    answer.statuses[status] = (answer.statuses[status] ?? 0) + 1;
    if (!persists) return;
    answer.ms.push(Math.round(ms * 100) / 100);
    if (id === null) answer.unanswered += 1;
    else answer.accepted.push(id);
  };
  await Promise.all(
    streams.map(({ perSecond, paths, persists, bodyBytes }) => {
      const body = bodyBytes === undefined ? undefined : `x=${'x'.repeat(bodyBytes - 2)}`;
      return paced(perSecond, seconds, async (index) => {
        const path = (paths[index % paths.length] ?? '').replaceAll('[<n>]', `${phase}-${index}`);
        note(await (persists ? sender.persist(phase, path, body) : sender.get(phase, path, body)), persists);
      });
    }),
  );
  return answer;
};

process.on('message', (round: FloodRound) => void play(round).then((answer) => process.send?.(answer)));
process.on('disconnect', () => process.exit(0));

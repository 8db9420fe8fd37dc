import type { ConsolePorts } from '../ports.js';

/** What the ingest processes hold in their spools: postbacks that were answered and are not on
 *  Kafka yet. Ingest has no database, so console reads the metrics of its health port. */
type SpoolState = {
  /** Processes that were asked, and those of them that answered. */
  processes: number;
  answering: number;
  records: number;
  bytes: number;
  /** Age of the oldest record; 0: the spools are empty. */
  oldestSeconds: number;
};

const keptMs = 5_000;
const patienceMs = 1_000;
const maxMetricsCharacters = 1_000_000;

/** The sample of a metric without labels of its own, of which the default ones differ. */
const sampleOf = (text: string, name: string): number | null => {
  const line = text.split('\n').find((each) => each.startsWith(name) && /^[{ ]/.test(each.slice(name.length)));
  const value = Number(line?.slice(line.lastIndexOf(' ') + 1));
  return line === undefined || Number.isNaN(value) ? null : value;
};

const readOne = async (url: string): Promise<Omit<SpoolState, 'processes' | 'answering'> | null> => {
  try {
    const answer = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(patienceMs) });
    const text = (await answer.text()).slice(0, maxMetricsCharacters);
    const records = sampleOf(text, 'carom_ingest_spool_records');
    if (records === null) return null;
    return {
      records,
      bytes: sampleOf(text, 'carom_ingest_spool_bytes') ?? 0,
      oldestSeconds: sampleOf(text, 'carom_ingest_spool_oldest_age_seconds') ?? 0,
    };
  } catch {
    return null;
  }
};

/** Null: this console was not given the addresses. Asked at most once in a few seconds, however
 *  many pages ask. */
export const spoolReader = ({ ingestHealthUrls, now }: Pick<ConsolePorts, 'ingestHealthUrls' | 'now'>) => {
  let asked: { atMs: number; state: Promise<SpoolState> } | null = null;
  const readAll = async (): Promise<SpoolState> => {
    const found = (await Promise.all(ingestHealthUrls.map(readOne))).filter((each) => each !== null);
    return {
      processes: ingestHealthUrls.length,
      answering: found.length,
      records: found.reduce((sum, { records }) => sum + records, 0),
      bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
      oldestSeconds: Math.max(0, ...found.map(({ oldestSeconds }) => oldestSeconds)),
    };
  };
  return (): Promise<SpoolState> | null => {
    if (ingestHealthUrls.length === 0) return null;
    const atMs = now().getTime();
    if (!asked || atMs - asked.atMs >= keptMs) asked = { atMs, state: readAll() };
    return asked.state;
  };
};

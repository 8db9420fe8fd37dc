import { mapCatalogSecrets, type Network } from '#contracts';
import { redacted } from '#domain';
import { z } from 'zod';
import type { AuditActor } from '../access/audit.js';
import { flag } from '../http/flag.js';
import { replayBody, replayPostbacks, type ReplayAnswer } from '../log/replay-run.js';
import type { ConsolePorts } from '../ports.js';

/** Changes the settings of a network, and replays the calls that the change is made for. */

export const changeQuery = z.strictObject({
  dryRun: flag(false).describe('keeps and sends nothing; says what the replay would do'),
});
export type ChangeQuery = z.infer<typeof changeQuery>;

type Settings = Record<string, unknown>;
type Change = {
  actor: AuditActor;
  /** Nothing is kept or sent: the calls are read with the settings as they would be. */
  dryRun: boolean;
  change: (settings: Settings) => Settings;
  /** Filters of the calls to replay; null: none. */
  replay: Record<string, string> | null;
  /** Also calls whose reading does not change. */
  everything?: boolean;
};

export const changeAndReplay = async (
  ports: ConsolePorts,
  network: Network,
  { actor, dryRun, change, replay, everything = false }: Change,
): Promise<{ version: number; network: Network; replay: ReplayAnswer | null }> => {
  // As shown in answers: a redacted secret keeps its stored value.
  const { number: _number, tokens: _tokens, ...settings } = mapCatalogSecrets('network', network, () => redacted);
  const by = { ...actor, dryRun };
  const entry = await ports.catalog.update('network', network.key, change(settings), null, by);
  const changed = entry.body as Network;
  if (!replay) return { version: entry.version, network: changed, replay: null };
  const body = replayBody.parse({ filter: { networkKey: network.key, ...replay }, everything, dryRun });
  const unsaved = dryRun ? changed : null;
  const run = { from: null, save: () => Promise.resolve(), unsaved };
  return { version: entry.version, network: changed, replay: await replayPostbacks(ports, { actor, body }, run) };
};

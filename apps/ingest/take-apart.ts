import type { Network } from '#contracts';
import {
  findOwnClicks,
  noParameters,
  openNotification,
  queryOf,
  readClickId,
  readParameters,
  type OwnClicks,
  type Parameters,
} from '#domain';
import type { Ports, PostbackCall } from './ports.js';

/** A call, its parameters, and those that hold one of our own click ids. */
export type TakenCall = { call: PostbackCall; parameters: Parameters; own: OwnClicks; receivedAtMs: number };

/** Answers what one of our own click ids says; null for any other text. */
export const recogniseBy =
  (secrets: readonly string[]) =>
  (text: string): ReturnType<typeof readClickId> =>
    readClickId(text, secrets);

const parametersOf = (call: PostbackCall): Parameters => {
  const { 'content-type': type } = call.headers;
  const contentType = typeof type === 'string' ? type : null;
  const parameters = readParameters({ method: call.method, query: queryOf(call.target), body: call.body, contentType });
  if (call.key !== null) parameters.list.push({ name: 'key', value: call.key, raw: call.key, isJsonNumber: false });
  return parameters;
};

/** Takes a call apart. Never throws; a call that is too large is not looked into. */
export const takeApart = (ports: Pick<Ports, 'time' | 'secrets'>, call: PostbackCall): TakenCall => {
  const receivedAtMs = ports.time.nowMs();
  const parameters = call.tooLarge ? noParameters() : parametersOf(call);
  return { call, parameters, own: findOwnClicks(parameters.list, recogniseBy(ports.secrets)), receivedAtMs };
};

/** The call as it is read and kept: where its network encrypts the body, with what was inside.
 *  Null: there is nothing to open, or the secret opens it not. */
export const openedCall = (
  ports: Pick<Ports, 'secrets'>,
  taken: TakenCall,
  network: Network | null,
): TakenCall | null => {
  const rule = network?.security.signature;
  if (rule?.kind !== 'clickbank' || taken.call.tooLarge) return null;
  const body = openNotification(taken.parameters.list, rule.secret);
  if (typeof body === 'string') return null;
  const call = { ...taken.call, body };
  const parameters = parametersOf(call);
  return { ...taken, call, parameters, own: findOwnClicks(parameters.list, recogniseBy(ports.secrets)) };
};

import {
  findOwnClicks,
  noParameters,
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

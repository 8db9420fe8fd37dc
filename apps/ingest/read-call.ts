import type { Network, SafePostbackRecord } from '#contracts';
import {
  buyerFields,
  dialectAt,
  dialectOfStranger,
  emptyReading,
  findOwnClicks,
  foremostRefusal,
  isDecidedAtEdge,
  openedHeader,
  problemOfTime,
  proofOfCaller,
  readableParameters,
  readFields,
  refusalOf,
  safeText,
  type ReadResult,
  type RefusalCode,
} from '#domain';
import type { Ports, Standing } from './ports.js';
import { keptCall, secretsIn } from './recording/kept-call.js';
import { openedCall, recogniseBy, type TakenCall } from './take-apart.js';
import { judgeFor, type Origin } from './whose-call.js';

export type ReadCall = {
  postback: SafePostbackRecord;
  refusal: { code: RefusalCode; stage: 'size' | 'caller' | 'form' | 'later' } | null;
  standing: Standing;
  network: Network | null;
  /** The body that this call asked for. */
  asked: string | null;
};

type Judged = { result: ReadResult; refusal: ReadCall['refusal']; isCallerKnown: boolean };

const foremost = (codes: readonly RefusalCode[]): ReadCall['refusal'] => {
  const code = foremostRefusal(codes);
  return code === null ? null : { code, stage: refusalOf(code)?.stage ?? 'later' };
};

/** @param read the call that is read, which is `taken` unless its body was encrypted. */
const judge = (
  ports: Ports,
  taken: TakenCall,
  read: TakenCall,
  { network, authenticatedBy, refusal }: Origin,
): Judged => {
  const { call, own } = read;
  const { list } = read.parameters;
  const dialect = network ? dialectAt(network, call.target, list) : dialectOfStranger(call.target, list);
  const parameters = readableParameters(read.parameters, network, dialect);
  const readOwn = parameters.list === list ? own : findOwnClicks(parameters.list, recogniseBy(ports.secrets));
  const result = readFields(parameters, dialect, readOwn);
  const ofCaller = network ? judgeFor(ports, taken, network, authenticatedBy === 'token') : null;
  // The network's own map of words may know more than the common one, so what the rules would say
  // of a call is final only when its network is known.
  const ofReading = result.refusal && (network || isDecidedAtEdge(result.refusal)) ? result.refusal : null;
  const codes = [call.tooLarge ? ('too_large' as const) : null, refusal, ofCaller, ofReading];
  return {
    result,
    refusal: foremost(codes.filter((code) => code !== null)),
    isCallerKnown: network !== null && refusal === null && ofCaller === null,
  };
};

const problemsOf = ({ read, problems, ownClick }: ReadResult, receivedAtMs: number): SafePostbackRecord['problems'] => {
  const code = problemOfTime(read.occurredAt?.value ?? null, ownClick?.atMs ?? null, receivedAtMs);
  return code === null ? problems : [...problems, { code, param: read.occurredAt?.param ?? null }];
};

/** Keitaro's networks say in the URL which answer they want: `return=OK`. */
const askedBody = ({ call, parameters }: TakenCall): string | null =>
  call.key === null
    ? null
    : (parameters.list.find(({ name }) => name.toLowerCase() === 'return')?.value.slice(0, 100) ?? null);

/** A notification that was opened is kept as it was inside, without its buyer: attribution and a
 * replay have no secret to open it again. */
const keepCall = (
  ports: Ports,
  { call, parameters }: TakenCall,
  network: Network | null,
  standing: Standing,
  isOpened: boolean,
): ReturnType<typeof keptCall> => {
  const secrets = secretsIn(parameters.list, network, ports.catalog().view);
  if (!isOpened) return keptCall(call, secrets, standing);
  const { raw, isCut } = keptCall(call, { ...secrets, params: [...secrets.params, ...buyerFields] }, standing);
  return { raw: { ...raw, headers: { ...raw.headers, [openedHeader]: safeText('1', 1) } }, isCut };
};

/** Judges the caller, reads the fields by the network's dialect, and makes the record. */
export const readCall = (ports: Ports, taken: TakenCall, origin: Origin): ReadCall => {
  const { receivedAtMs } = taken;
  const { network, authenticatedBy } = origin;
  const opened = openedCall(ports, taken, network);
  const shown = opened ?? taken;
  const { result, refusal, isCallerKnown } = judge(ports, taken, shown, origin);
  const proof = network && isCallerKnown ? proofOfCaller(network.security, authenticatedBy === 'token') : 'none';
  const standing =
    proof !== 'none' ? 'proven' : result.ownClick && refusal?.stage !== 'caller' ? 'names_click' : 'garbage';
  // The words of a caller who is not who the network says are stored in the raw call and not read.
  const isRead = refusal === null || refusal.stage === 'form' || refusal.stage === 'later';
  const { raw, isCut } = keepCall(ports, shown, network, standing, opened !== null);
  const problems = isRead ? problemsOf(result, receivedAtMs) : [];
  const postback: SafePostbackRecord = {
    id: safeText(ports.random.uuidV7(receivedAtMs), 36),
    receivedAtMs,
    channel: 'postback',
    networkKey: network ? safeText(network.key, 63) : null,
    authenticatedBy,
    proof,
    raw,
    read: isRead ? result.read : emptyReading(),
    problems: isCut ? [...problems, { code: 'call_cut', param: null }] : problems,
    refusal: refusal?.code ?? null,
    suppressDelivery: result.suppressDelivery,
    test: result.test,
  };
  return { postback, refusal, standing, network, asked: askedBody(taken) };
};

/** Whether a call is kept as a sample at most: it is refused for its caller, its form
 *  or its size, and shows neither proof nor a click of ours. */
export const isRefusedGarbage = ({ standing, refusal }: ReadCall): boolean =>
  standing === 'garbage' && refusal !== null && refusal.stage !== 'later';

import {
  campaignSettings,
  entryNameOf,
  keptSecret,
  keysOfEntry,
  mapCatalogSecrets,
  networkSettings,
  offerSettings,
  problemsOf,
  referencesOf,
  sourceSettings,
  storedToken,
  withCapCurrency,
  type CatalogEntryV1,
  type CatalogKind,
  type Network,
  type Offer,
  type SettingsOf,
} from '#contracts';
import { redacted, type TokenHash } from '#domain';
import { beginCatalogChange, type CatalogChange, type CatalogEntry } from '#postgres';
import { isSealed, systemRandom, type Seal } from '#runtime';
import type { DataSource } from 'typeorm';
import { audited, type AuditActor, type AuditedChange } from '../access/audit.js';
import { fieldErrorsOf, invalid, notFound, Problem } from '../http/problem.js';

/** Changes of the catalog. Each is one transaction: checks, the entry with its next version, and
 *  its line in the audit. The relay publishes it afterwards, so an accepted change is never lost
 *  and a refused one is never published. */

export type Value = NonNullable<CatalogEntryV1['value']>;
/** Who changes the catalog. With `dryRun` everything is checked as for a change, and nothing is
 *  kept. */
type ChangeBy = AuditActor & { dryRun?: boolean };
export type Catalog = {
  create: (kind: CatalogKind, body: object, by: ChangeBy) => Promise<CatalogEntry>;
  update: (
    kind: CatalogKind,
    key: string,
    body: object,
    expected: number | null,
    by: ChangeBy,
  ) => Promise<CatalogEntry>;
  remove: (kind: CatalogKind, key: string, expected: number | null, by: ChangeBy) => Promise<void>;
  rotateToken: (networkKey: string, overlapHours: number, actor: AuditActor) => Promise<CatalogEntry>;
};

export const settingsSchemas = {
  network: networkSettings,
  source: sourceSettings,
  offer: offerSettings,
  campaign: campaignSettings,
} as const;

/** 192 random bits, and only characters that survive every panel. */
const mintPathToken = (): string =>
  Buffer.from(systemRandom.bytes(24)).toString('base64url').replaceAll('-', 'x').replaceAll('_', 'y');

/** Reads a body by its schema, then by the rules between its fields. */
const readSettings = <Kind extends CatalogKind>(kind: Kind, body: object): SettingsOf[Kind] => {
  const result = settingsSchemas[kind].safeParse(body);
  if (!result.success) throw invalid(fieldErrorsOf(result.error));
  const settings = result.data as SettingsOf[Kind];
  // A redacted secret is not checked itself: in a template it would look like a leftover.
  const plain = mapCatalogSecrets(kind, settings, (secret) => (secret === redacted ? keptSecret : secret));
  const problems = problemsOf(kind, plain);
  if (problems.length > 0) throw invalid(problems);
  return settings;
};

const checkReferences = async (
  change: CatalogChange,
  kind: CatalogKind,
  settings: SettingsOf[CatalogKind],
): Promise<void> => {
  const references = referencesOf(kind, settings);
  const found = await Promise.all(references.map((reference) => change.find(reference.kind, reference.key)));
  const errors = references
    .filter((_, index) => found[index]?.deleted !== false)
    .map(({ kind: of, key, path }) => ({ path, code: 'reference_unknown', message: `there is no ${of} "${key}"` }));
  if (errors.length > 0) throw invalid(errors);
  if (kind !== 'offer') return;
  const { cap } = withCapCurrency(settings as Offer, found[0]?.body as Network | undefined);
  if (cap?.payout !== undefined && cap.currency === null)
    throw invalid([
      {
        path: 'cap.currency',
        code: 'missing',
        message: 'a cap on payout needs its currency: here, in the payout, or as the default of the network',
      },
    ]);
};

/** Secrets of the whole destination: signing, client certificates and `{secret.<name>}` apply to
 *  each of its templates. */
const ofEveryTemplate = /^destination\.(?:secrets|signing|clientCertificate)\./;

/** The receivers of the secret at this place: for a template's own secret the template's receiver,
 *  for a secret of the whole destination those of all its templates. */
const receiversOf = (value: Value | null, path: string): Set<string | null> => {
  const destination = value && 'destination' in value ? value.destination : null;
  const originOf = (url: string | undefined): string | null =>
    url !== undefined && URL.canParse(url) ? new URL(url).origin : null;
  const { onReversal, onRestatement } = destination ?? {};
  if (path.startsWith('destination.onReversal.')) return new Set([originOf(onReversal?.url)]);
  if (path.startsWith('destination.onRestatement.')) return new Set([originOf(onRestatement?.url)]);
  if (!ofEveryTemplate.test(path)) return new Set([originOf(destination?.url)]);
  const templates = [destination, onReversal, onRestatement];
  return new Set(templates.flatMap((template) => (template ? [originOf(template.url)] : [])));
};

/** When a rotation puts a new signing secret first, a redacted secret in second place means the
 *  stored first one. A user cannot type it again, because it is never shown; without it old
 *  receivers would refuse every call of the rotation. */
const placeMeant = (value: Value, path: string): string => {
  const signing = 'destination' in value ? value.destination?.signing : null;
  const rotates = signing?.kind === 'standard-webhooks' && signing.secrets[0] !== redacted;
  return rotates && path === 'destination.signing.secrets.1' ? 'destination.signing.secrets.0' : path;
};

/** A redacted secret keeps the one that is stored at its place, sealed under the current key. It is
 *  rejected when its template has a new receiver: otherwise every user who may write settings could
 *  have a stored secret sent to a server of their own. */
const sealSecrets = <V extends Value>(kind: CatalogKind, value: V, before: Value | null, seal: Seal): V => {
  const entryName = entryNameOf(kind, value.key);
  const stored = new Map<string, string>();
  const note = (secret: string, path: string) => {
    stored.set(path, secret);
    return secret;
  };
  if (before) mapCatalogSecrets(kind, before, note);
  const sealed = mapCatalogSecrets(kind, value, (secret, path) => {
    if (isSealed(secret)) throw invalid([{ path, code: 'secret_sealed', message: 'must be given as plain text' }]);
    if (secret !== redacted) return seal.seal(secret, entryName);
    const kept = stored.get(placeMeant(value, path));
    const receivers = receiversOf(before, path);
    if (kept === undefined || ![...receiversOf(value, path)].every((receiver) => receivers.has(receiver)))
      throw invalid([
        { path, code: 'secret_redacted', message: 'must be given again: none is stored for this place and receiver' },
      ]);
    return seal.renew(kept, entryName);
  });
  checkSize(kind, sealed);
  return sealed;
};

/** The size of an entry as it is published. Kafka accepts records of 1 MiB; the difference is room
 *  for the envelope. */
const maxEntryBytes = 900_000;

/** Rejects an entry that its readers or the topic would refuse: one entry that Kafka refuses would
 *  block the relay of all others. The check runs on sealed secrets, because they are longer. */
const checkSize = (kind: CatalogKind, value: Value): void => {
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > maxEntryBytes)
    throw invalid([
      {
        path: '',
        code: 'too_large',
        message: `takes ${bytes} bytes as it is stored; at most ${maxEntryBytes} are allowed`,
      },
    ]);
  const { number: _number, ...settings } = value;
  if (kind !== 'source' && kind !== 'campaign') return;
  const result = settingsSchemas[kind].safeParse(settings);
  if (!result.success) throw invalid(fieldErrorsOf(result.error), 'with its secrets sealed');
};

const shownInAudit = (kind: CatalogKind, value: object | null): object | null => {
  if (value === null) return null;
  const shown = mapCatalogSecrets(kind, value as Value, () => redacted);
  if (kind !== 'network') return shown;
  const { tokens: _tokens, ...rest } = shown as Network;
  return rest;
};

const expectVersion = (entry: CatalogEntry, expected: number | null): void => {
  if (expected !== null && expected !== entry.version)
    throw new Problem(412, 'version_differs', `this is version ${entry.version} by now, not ${expected}`);
};

/** Rolls a dry run back, and carries what it would have made. */
class DryRunEnded extends Error {
  constructor(readonly result: unknown) {
    super('a dry run is rolled back');
  }
}
const resultOfDryRun = <Result>(thrown: unknown): Result => {
  if (thrown instanceof DryRunEnded) return thrown.result as Result;
  throw thrown;
};

type CatalogPorts = {
  dataSource: DataSource;
  seal: Seal;
  tokenHash: TokenHash;
  changed: () => void;
  now: () => Date;
};

const newToken = ({ seal, tokenHash }: CatalogPorts, networkKey: string) =>
  storedToken(mintPathToken(), null, keysOfEntry(seal, tokenHash, 'network', networkKey));

const noteChange = (
  audit: AuditedChange['audit'],
  action: string,
  before: CatalogEntry | null,
  after: CatalogEntry,
): Promise<void> =>
  audit({
    action,
    kind: after.kind,
    key: after.key,
    before: before && !before.deleted ? shownInAudit(after.kind as CatalogKind, before.body) : null,
    after: after.deleted ? null : shownInAudit(after.kind as CatalogKind, after.body),
  });

/** Runs `work` in one transaction with its audit. A dry run is rolled back. */
const inChange = async <Result>(
  ports: CatalogPorts,
  by: ChangeBy,
  work: (change: CatalogChange, audit: AuditedChange['audit']) => Promise<Result>,
): Promise<Result> => {
  const change = audited(ports.dataSource, by, async ({ manager, audit }) => {
    const done = await work(await beginCatalogChange(manager), audit);
    if (by.dryRun) throw new DryRunEnded(done);
    return done;
  });
  if (by.dryRun) return change.catch((thrown: unknown) => resultOfDryRun<Result>(thrown));
  const result = await change;
  ports.changed();
  return result;
};

const findLive = async (change: CatalogChange, kind: CatalogKind, key: string): Promise<CatalogEntry> => {
  const entry = await change.find(kind, key);
  if (!entry || entry.deleted) throw notFound(kind, key);
  return entry;
};

const createEntry = (ports: CatalogPorts, ...[kind, body, by]: Parameters<Catalog['create']>) => {
  const settings = readSettings(kind, body);
  return inChange(ports, by, async (change, audit) => {
    const former = await change.find(kind, settings.key);
    if (former && !former.deleted) throw new Problem(409, 'key_taken', `there is a ${kind} "${settings.key}" already`);
    await checkReferences(change, kind, settings);
    const number = former?.number ?? (await change.nextNumber(kind));
    const tokens = kind === 'network' ? { tokens: [newToken(ports, settings.key)] } : {};
    const value = sealSecrets(kind, { ...settings, number, ...tokens } as Value, null, ports.seal);
    const at = ports.now();
    const after = await change.put({ kind, key: settings.key, number, body: value, deleted: false, at });
    await noteChange(audit, 'created', former, after);
    return after;
  });
};

const updateEntry = (ports: CatalogPorts, ...[kind, key, body, expected, by]: Parameters<Catalog['update']>) => {
  const settings = readSettings(kind, { ...body, key });
  return inChange(ports, by, async (change, audit) => {
    const before = await findLive(change, kind, key);
    expectVersion(before, expected);
    await checkReferences(change, kind, settings);
    const tokens = kind === 'network' ? { tokens: (before.body as Network).tokens } : {};
    const { number } = before;
    const full = { ...settings, number, ...tokens } as Value;
    const value = sealSecrets(kind, full, before.body as Value, ports.seal);
    const after = await change.put({ kind, key, number, body: value, deleted: false, at: ports.now() });
    await noteChange(audit, 'updated', before, after);
    return after;
  });
};

const removeEntry = (ports: CatalogPorts, ...[kind, key, expected, by]: Parameters<Catalog['remove']>) =>
  inChange(ports, by, async (change, audit) => {
    const before = await findLive(change, kind, key);
    expectVersion(before, expected);
    const users = await change.usersOf(kind, key);
    if (users.length > 0)
      throw new Problem(
        409,
        'in_use',
        `${kind} "${key}" is used by ${users.length} other${users.length === 1 ? '' : 's'}`,
        users.map((user) => ({ path: `${user.kind}s.${user.key}`, code: 'in_use', message: `names this ${kind}` })),
      );
    const { number, body } = before;
    const after = await change.put({ kind, key, number, body, deleted: true, at: ports.now() });
    await noteChange(audit, 'deleted', before, after);
  });

const rotateToken = (ports: CatalogPorts, ...[key, overlapHours, actor]: Parameters<Catalog['rotateToken']>) =>
  inChange(ports, actor, async (change, audit) => {
    const before = await findLive(change, 'network', key);
    const at = ports.now();
    const value = before.body as Network;
    const until = new Date(at.getTime() + overlapHours * 3_600_000).toISOString();
    const still = value.tokens
      .map((token) => ({ ...token, until: token.until ?? until }))
      .filter((token) => Date.parse(token.until) > at.getTime());
    const body = { ...value, tokens: [newToken(ports, key), ...still] };
    const after = await change.put({ kind: 'network', key, number: before.number, body, deleted: false, at });
    await noteChange(audit, 'token_rotated', before, after);
    return after;
  });

export const createCatalog = (ports: CatalogPorts): Catalog => ({
  create: (...given) => createEntry(ports, ...given),
  update: (...given) => updateEntry(ports, ...given),
  remove: (...given) => removeEntry(ports, ...given),
  rotateToken: (...given) => rotateToken(ports, ...given),
});

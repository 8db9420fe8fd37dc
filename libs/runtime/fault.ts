/** What a thrown error says about the items that were being worked on.
 *
 *  | fault    | example                                           | what to do                   |
 *  | -------- | ------------------------------------------------- | ---------------------------- |
 *  | `outage` | a server is away, slow, read-only or holds a lock | try all of it again later    |
 *  | `record` | Postgres refuses the value at every attempt       | set that one item aside      |
 *  | `code`   | a `TypeError` of our own                          | set few aside, then stop     |
 */
type Fault = 'outage' | 'record' | 'code';

/** The SQLSTATE of an error of Postgres; empty for any other error. */
export const sqlStateOf = (thrown: unknown): string => {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : '';
};

/** SQLSTATE classes that concern the data: values (22), constraints (23), limits of the program
 * (54). */
const recordClasses = ['22', '23', '54'];
/** One statement would change a row twice: our own statement was given data that it did not expect.
 */
const codeClasses = ['21'];
const ownErrors = [TypeError, RangeError, ReferenceError, SyntaxError, URIError];

/** Anything unknown is an outage: an outage loses nothing, it only waits. */
export const faultOf = (thrown: unknown): Fault => {
  const sqlState = sqlStateOf(thrown);
  if (recordClasses.includes(sqlState.slice(0, 2))) return 'record';
  if (codeClasses.includes(sqlState.slice(0, 2))) return 'code';
  if (sqlState !== '') return 'outage';
  return ownErrors.some((type) => thrown instanceof type) ? 'code' : 'outage';
};

type Bisected<Item, Result> = {
  /** The calls that succeeded, in the order of their items. */
  done: { items: readonly Item[]; result: Result }[];
  /** The items that fail even alone. */
  failed: { item: Item; fault: Exclude<Fault, 'outage'>; error: unknown }[];
};

/** Runs `work` on all items, and in halves where it fails because of an item, down to the items
 *  that fail alone. `work` must bear to run again for the same items. Throws an outage as it is. */
export const bisect = async <Item, Result>(
  items: readonly Item[],
  work: (items: readonly Item[]) => Promise<Result>,
): Promise<Bisected<Item, Result>> => {
  try {
    return { done: [{ items, result: await work(items) }], failed: [] };
  } catch (error) {
    const fault = faultOf(error);
    const [first] = items;
    if (fault === 'outage' || first === undefined) throw error;
    if (items.length === 1) return { done: [], failed: [{ item: first, fault, error }] };
    const middle = Math.ceil(items.length / 2);
    const left = await bisect(items.slice(0, middle), work);
    const right = await bisect(items.slice(middle), work);
    return { done: [...left.done, ...right.done], failed: [...left.failed, ...right.failed] };
  }
};

import { openSpool } from '#spool';

/** Appends to the spool of a folder until it is killed, and says on stdout after each append what
 * is safe. Argument: the folder. */
const spool = await openSpool({ folder: process.argv[2] ?? '', maxBytes: 100_000_000 });
process.stdout.write('open\n');
const lane = async (name: string): Promise<never> => {
  for (let number = 1; ; number += 1) {
    await spool.append([{ topic: 'topic', key: name, value: String(number) }]);
    process.stdout.write(`${name} ${number}\n`);
  }
};
await Promise.all(['a', 'b', 'c', 'd'].map(lane));

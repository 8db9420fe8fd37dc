import { parseArgs } from 'node:util';
import { messageOf } from '#runtime';

type Named = { name: string; what: string };

/** Reads `[name…] [--long]` from the command line: which of these to run (all, if none is named),
 * and in which form; `all` when none was named. For `--help`, and for what it does not know, it
 * prints what there is and ends the process (0, or 2). */
export const chooseByName = <Each extends Named>(
  all: readonly Each[],
): { chosen: Each[]; long: boolean; all: boolean } => {
  const end = (status: number, ...lines: string[]): never => {
    const print = status === 0 ? console.log : console.error;
    for (const line of [...lines, '[name…] [--long], of:', ...all.map(({ name, what }) => `  ${name}: ${what}`)])
      print(line);
    return process.exit(status);
  };
  const options = { long: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  const read = () => {
    try {
      return parseArgs({ options, allowPositionals: true });
    } catch (thrown) {
      return end(2, messageOf(thrown));
    }
  };
  const { values, positionals } = read();
  if (values.help) end(0);
  const unknown = positionals.filter((name) => !all.some((each) => each.name === name));
  if (unknown.length > 0) end(2, `there is no ${unknown.join(', ')}`);
  const chosen = all.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  return { chosen, long: values.long ?? false, all: positionals.length === 0 };
};

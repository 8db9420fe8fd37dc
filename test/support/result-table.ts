/** Prints what a test found as a table, the head first. To stderr, because `npm test` takes no
 * stdout of jest. */
export const printTable = (rows: readonly (readonly string[])[]): void => {
  const widthOf = (column: number): number => Math.max(...rows.map((row) => (row[column] ?? '').length));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widthOf(column)))
      .join('  ')
      .trimEnd(),
  );
  process.stderr.write(`\n${lines.join('\n')}\n`);
};

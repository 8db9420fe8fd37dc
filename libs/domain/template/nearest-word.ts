/** The known word that a misspelt one most probably means. */

/** How many letters must change to make one word of another. */
const distance = (from: string, to: string): number => {
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[to.length] ?? to.length;
};

/** A word of three letters is one letter away from too much: `{id}` does not mean `{ip}`. */
const shortest = 4;

export const nearestWord = (word: string, candidates: readonly string[]): string | null => {
  const close = candidates
    .map((candidate) => ({ candidate, far: distance(word, candidate) }))
    .sort((a, b) => a.far - b.far)[0];
  return close && word.length >= shortest && close.far <= Math.max(1, Math.floor(word.length / 4))
    ? close.candidate
    : null;
};

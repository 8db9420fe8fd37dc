const minLength = 32;
const minDistinct = 8;

/** Words of samples and of examples in guides: a random text does not contain them. */
const sampleWords = /secret|passw|change.?me|example|sample|carom|default/i;

/** Whether a shorter text, written again and again, makes the whole one. */
const isRepeated = (text: string): boolean => {
  for (let period = 1; period <= text.length / 2; period += 1)
    if (text.slice(period) === text.slice(0, -period)) return true;
  return false;
};

/** Whether two of three characters equal the one before or are its neighbour in the alphabet. */
const isSequence = (text: string): boolean => {
  let steps = 0;
  for (let index = 1; index < text.length; index += 1)
    if (Math.abs(text.charCodeAt(index) - text.charCodeAt(index - 1)) <= 1) steps += 1;
  return steps * 3 >= (text.length - 1) * 2;
};

/** Why a secret can be guessed, as the end of a sentence that starts with "it"; null: it looks
 * random. Two click ids let an attacker try secrets offline without limit, so one that a person
 * made up is found. */
export const weaknessOf = (secret: string): string | null => {
  if (secret.length < minLength) return `has fewer than ${minLength} characters`;
  if (new Set(secret).size < minDistinct) return `has fewer than ${minDistinct} different characters`;
  if (isRepeated(secret)) return 'repeats a shorter text';
  if (isSequence(secret)) return 'is a sequence of the alphabet';
  if (sampleWords.test(secret)) return 'contains a word of a sample';
  return null;
};

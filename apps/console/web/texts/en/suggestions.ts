/** Loaded with the page of a network, not with the shell. */
export const suggestions = {
  title: 'What its calls suggest',
  note: (calls: string) => `From the last ${calls} calls of 30 days. Nothing is changed until you apply it.`,
  none: 'The settings fit the calls.',
  sample: 'Show such a call',
  map: 'Map the word',
  apply: 'Apply',
  applied: 'Applied.',
  replayed: (count: string) => (count === '1' ? '1 call is replayed.' : `${count} calls are replayed.`),
};

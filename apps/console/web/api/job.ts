/** The answer of an action that was done at once; undefined where it became a job. */
export const resultOf = <Data extends object>(data: Data | undefined): Exclude<Data, { job: unknown }> | undefined =>
  data === undefined || 'job' in data ? undefined : (data as Exclude<Data, { job: unknown }>);

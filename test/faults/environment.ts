/** Sets variables of this process, where grounds look for their servers. Answers how to set them
 * back. */
export const setEnvironment = (values: Record<string, string>): (() => void) => {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, values);
  return () => {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
};

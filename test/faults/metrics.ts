/** The sum of a metric of a service over its series; 0 for none.
 *  @param healthUrl the service's health side */
export const metricOf = async (healthUrl: string, name: string): Promise<number> => {
  const text = await (await fetch(`${healthUrl}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
};

/** Downloads the CSV of an address of the API, as the server writes it. @throws Error when it
 * refuses. */
export const downloadCsv = async (path: string, query: Record<string, string>, fileName: string): Promise<void> => {
  const answer = await fetch(`${path}?${new URLSearchParams(query).toString()}`, { headers: { accept: 'text/csv' } });
  if (!answer.ok || !(answer.headers.get('content-type') ?? '').includes('csv')) throw new Error(String(answer.status));
  const address = URL.createObjectURL(await answer.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
};

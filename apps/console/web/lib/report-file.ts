/** How a report file is read, as a person corrects it. Pure. */

type Column = { name: string; field: string | null };
/** A mapping as the API takes it: what it does not state is found in the file. */
export type Mapping = Record<string, unknown> & { columns?: Record<string, string[]> };

/** The columns of each field, as they were found. */
const columnsOf = (found: readonly Column[]): Record<string, string[]> => {
  const columns: Record<string, string[]> = {};
  for (const { name, field } of found) if (field !== null) (columns[field] ??= []).push(name);
  return columns;
};

/** The mapping with one column read as another field. Stating one column states them all, so those
 * that were found are stated with it. Two columns of one field are joined: a date and a time. */
export const withField = (mapping: Mapping, found: readonly Column[], name: string, field: string | null): Mapping => {
  const changed = found.map((column) => (column.name === name ? { ...column, field } : column));
  return { ...mapping, columns: columnsOf(changed) };
};

/** The mapping with one setting changed; null takes it out, so that the file decides again. A file
 * that is cut otherwise has other columns. */
export const withSetting = (mapping: Mapping, name: string, value: string | number | null): Mapping => {
  const cutsOtherwise = name === 'delimiter' || name === 'headerRow' || name === 'charset';
  const { [name]: _before, columns, ...others } = mapping;
  return {
    ...others,
    ...(columns && !cutsOtherwise && { columns }),
    ...(value !== null && { [name]: value }),
  };
};

export const isStated = (mapping: Mapping): boolean => Object.keys(mapping).length > 0;

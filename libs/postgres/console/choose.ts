import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { Choice } from '../lists/list-filter.js';

/** Holds a query over entities to a choice: several values are alternatives, `not` keeps them out,
 *  an empty one is for "has none". The same as `choose` of a list in SQL.
 *  @param columns the columns of which one must have a value of the choice; texts of this library
 *    only */
export const choose = <Entity extends ObjectLiteral>(
  query: SelectQueryBuilder<Entity>,
  columns: readonly string[],
  choice: Choice | undefined,
): void => {
  if (choice === undefined) return;
  const values = choice.values.filter((value) => value !== '');
  const name = `choice${Object.keys(query.getParameters()).length}`;
  const parts = columns.flatMap((column) => [
    ...(values.length > 0 ? [`${column} = any(:${name})`] : []),
    ...(values.length < choice.values.length ? [`${column} is null`] : []),
  ]);
  const within = `(${parts.join(' or ')})`;
  query.andWhere(choice.not ? `${within} is not true` : within, values.length > 0 ? { [name]: values } : {});
};

import { activityFields } from './fields/activity-fields.js';
import { catalogFields } from './fields/catalog-fields.js';
import { otherFields } from './fields/other-fields.js';

/** Gives every field of the document a description and an example. What a schema says of itself
 *  comes first; the rest is in `fields/`, by the name of the field. */

type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const sentences = new Map(Object.entries({ ...catalogFields, ...activityFields, ...otherFields }));

/** The names of all sentences, for the test that each is used. */
export const fieldSentences = (): string[] => [...sentences.keys()];

/** @param owners what holds the field, the nearest first */
const sentenceOf = (owners: readonly string[], name: string) =>
  owners.map((owner) => sentences.get(`${owner}.${name}`)).find((found) => found !== undefined) ?? sentences.get(name);

const formatExamples: Record<string, unknown> = {
  'date-time': '2026-03-01T12:00:00.000Z',
  date: '2026-03-01',
  uuid: '01990000-0000-7000-8000-000000000000',
  uri: 'https://example.com/',
};

/** What follows from a schema alone; undefined: nothing does. */
const exampleOf = (schema: Json): unknown => {
  if ('const' in schema) return schema['const'];
  if (schema['default'] !== undefined) return schema['default'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  if (schema['type'] === 'boolean') return true;
  if (typeof schema['format'] === 'string') return formatExamples[schema['format']];
  const choices = (schema['anyOf'] ?? schema['oneOf']) as Json[] | undefined;
  return choices?.map(exampleOf).find((found) => found !== undefined);
};

/** Whether the examples of its own fields say what a value looks like. */
const isComposed = (schema: Json): boolean => {
  const inner = [
    schema['items'],
    schema['additionalProperties'],
    ...((schema['anyOf'] ?? schema['oneOf'] ?? []) as []),
  ];
  return '$ref' in schema || 'properties' in schema || inner.some((each) => isRecord(each) && isComposed(each));
};

/** Whether a sentence's example can be a value here: the same name can be a text in one place and
 *  a choice in another. */
const fits = (schema: Json, example: unknown): boolean => {
  if (example === undefined || 'const' in schema) return false;
  if (typeof schema['format'] === 'string' && schema['format'] in formatExamples) return false;
  return !Array.isArray(schema['enum']) || schema['enum'].includes(example);
};

const describeField = (owners: readonly string[], name: string, schema: Json): void => {
  const [sentence, given] = sentenceOf(owners, name) ?? [];
  schema['description'] ??= sentence;
  if (schema['examples'] !== undefined || isComposed(schema)) return;
  const example = fits(schema, given) ? given : exampleOf(schema);
  if (example !== undefined) schema['examples'] = [example];
};

/** Fills in descriptions and examples of a schema's fields, at every depth.
 *  @param owner the component or the operation that the schema is of */
export const describeFields = (schema: Json, ...owners: readonly string[]): void => {
  const { properties } = schema;
  if (isRecord(properties))
    for (const [name, field] of Object.entries(properties)) {
      if (!isRecord(field)) continue;
      describeField(owners, name, field);
      describeFields(field, ...owners.map((owner) => `${owner}.${name}`), name);
    }
  for (const inner of [schema['items'], schema['additionalProperties']])
    if (isRecord(inner)) describeFields(inner, ...owners);
  for (const name of ['anyOf', 'oneOf', 'allOf'])
    for (const choice of (schema[name] ?? []) as unknown[]) if (isRecord(choice)) describeFields(choice, ...owners);
};

/** Fields without a description or an example, by their path; for the test that there are none. */
export const undescribedFields = (schema: Json, path: string): string[] => {
  const { properties } = schema;
  const own = isRecord(properties) ? Object.entries(properties) : [];
  const found = own.flatMap(([name, field]) => {
    if (!isRecord(field)) return [];
    const at = `${path}.${name}`;
    const isShown = isComposed(field) || Array.isArray(field['examples']);
    return [
      ...(typeof field['description'] === 'string' ? [] : [`${at}: no description`]),
      ...(isShown ? [] : [`${at}: no example`]),
      ...undescribedFields(field, at),
    ];
  });
  const choices = ['anyOf', 'oneOf', 'allOf'].flatMap((name) => (schema[name] ?? []) as unknown[]);
  return [schema['items'], schema['additionalProperties'], ...choices]
    .filter(isRecord)
    .reduce((all, inner) => [...all, ...undescribedFields(inner, path)], found);
};

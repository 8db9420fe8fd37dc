import { topics, type Topic } from '#contracts';
import { z } from 'zod';

/** `docs/CONTRACTS.md`, generated from the table of topics and their schemas, so that the page
 * always describes what the code checks. `npm run docs` writes it again. */

type JsonSchema = {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
  enum?: unknown[];
  const?: unknown;
  format?: string;
};

const days = (ms: number): string => `${ms / 86_400_000} days`;

const topicRow = ({ name, type, key, writers, readers, partitions, cleanup, retentionMs }: Topic): string => {
  const kept = cleanup === 'compact' ? 'the last of each key' : retentionMs === null ? 'for ever' : days(retentionMs);
  return `| \`${name}\` | \`${type}\` | ${key} | ${writers.join(', ')} | ${readers.join(', ')} | ${partitions} | ${kept} |`;
};

/** A schema in a few words. Shapes within shapes are named, not spelled out: the schema file has
 * them. */
const wordsOf = (schema: JsonSchema): string => {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(wordsOf))].join(' or ');
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (schema.type === 'array') return `list of ${wordsOf(schema.items ?? {})}`;
  if (schema.type === 'object') {
    const { properties } = schema;
    if (properties) return `object (${Object.keys(properties).join(', ')})`;
    const each = typeof schema.additionalProperties === 'object' ? wordsOf(schema.additionalProperties) : 'anything';
    return `map of text to ${each}`;
  }
  if (schema.type === 'string') return schema.format ? `text (${schema.format})` : 'text';
  if (schema.type === 'integer') return 'whole number';
  return String(schema.type ?? 'anything');
};

const fieldRows = (schema: JsonSchema): string[] =>
  Object.entries(schema.properties ?? {}).map(([name, field]) => {
    const needed = schema.required?.includes(name) ? '' : ' (may be left out)';
    return `| \`${name}\` | ${wordsOf(field)}${needed} |`;
  });

const fieldTable = (schema: JsonSchema): string[] => ['| field | holds |', '| --- | --- |', ...fieldRows(schema), ''];

const messageSection = (topic: Topic): string[] => {
  const schema = z.toJSONSchema(topic.schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as JsonSchema;
  const kinds = schema.anyOf ?? schema.oneOf;
  const tables = kinds
    ? kinds.flatMap((kind) => [
        `### ${wordsOf(kind.properties?.['kind'] ?? {})}`,
        '',
        ...fieldTable(kind),
        ...valueTable(kind),
      ])
    : fieldTable(schema);
  return [
    `## ${topic.type}`,
    '',
    `On \`${topic.name}\`. Sample: \`libs/contracts/samples/${topic.type}.json\`.`,
    '',
    ...tables,
  ];
};

/** The fields of `value` in a catalog entry. */
const valueTable = (kind: JsonSchema): string[] => {
  const value = kind.properties?.['value']?.anyOf?.find(({ properties }) => properties);
  return value ? ['`value`, or null for one that was deleted:', '', ...fieldTable(value)] : [];
};

export const contractsPage = (): string => {
  const all: Topic[] = Object.values(topics);
  return [
    '# Contracts',
    '',
    'The messages between the services. This page is made from `libs/contracts` by `npm run docs`; a test compares.',
    '',
    'Values are JSON. Every record has the headers `id` (of the fact) and `type`, and `traceparent` where the caller sent',
    'one. A record can arrive twice; readers recognise it by its id. `CAROM_TOPIC_PREFIX` precedes every topic and group.',
    '',
    '| topic | type | key | written by | read by | partitions | kept |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...all.map(topicRow),
    '',
    ...all.flatMap(messageSection),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
};

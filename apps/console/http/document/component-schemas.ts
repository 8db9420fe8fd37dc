import { z } from 'zod';
import { itemSchemaOf } from '../csv.js';
import { describeFields } from './describe-fields.js';

/** JSON Schemas of the document, each under a name of its own in `components.schemas`. A schema
 *  gets its name by `.meta({ id })`, or from the operation that uses it. */

type Io = 'input' | 'output';
type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapRefs = (value: unknown, nameOf: (name: string) => string): unknown => {
  if (Array.isArray(value)) return value.map((each) => mapRefs(each, nameOf));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string'
        ? `#/components/schemas/${nameOf(inner.replace('#/$defs/', ''))}`
        : mapRefs(inner, nameOf),
    ]),
  );
};

export type ComponentSchemas = {
  /** The schema in place, for parameters. */
  inline: (schema: z.ZodType, io: Io) => Json;
  /** A reference to it under its own id, else under `name`. */
  named: (schema: z.ZodType, io: Io, name: string) => Json;
  all: () => Json;
};

export const createComponentSchemas = (): ComponentSchemas => {
  const schemas: Json = {};
  /** A body is described as it may be sent (defaults left out), an answer as it comes: two
   *  schemas. */
  const nameFor = (io: Io) => (name: string) => (io === 'input' ? `${name}Input` : name);

  const inline = (schema: z.ZodType, io: Io): Json => {
    const wrapped = z.toJSONSchema(z.object({ root: schema }), {
      io,
      unrepresentable: 'any',
      reused: 'inline',
    }) as Json;
    for (const [name, definition] of Object.entries((wrapped['$defs'] ?? {}) as Json)) {
      const { id: _id, ...rest } = definition as Json;
      schemas[nameFor(io)(name)] ??= mapRefs(rest, nameFor(io));
    }
    return mapRefs((wrapped['properties'] as Json)['root'], nameFor(io)) as Json;
  };

  const put = (name: string, schema: Json): Json => {
    schemas[name] ??= schema;
    return { $ref: `#/components/schemas/${name}` };
  };

  return {
    inline,
    named(schema, io, name) {
      const made = inline(schema, io);
      if ('$ref' in made) return made;
      const properties = made['properties'];
      if (itemSchemaOf(schema) !== null && isRecord(properties) && isRecord(properties['items'])) {
        const { items } = properties['items'];
        if (isRecord(items) && !('$ref' in items)) properties['items']['items'] = put(`${name}Item`, items);
      }
      return put(name, made);
    },
    all: () => {
      for (const [name, schema] of Object.entries(schemas))
        if (isRecord(schema)) describeFields(schema, name.replace(/Input$/, ''));
      return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
    },
  };
};

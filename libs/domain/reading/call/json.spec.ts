import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addJson } from './json.js';
import { noParameters } from './parameter.js';

const read = (text: string): [string, string][] | null => {
  const into = noParameters();
  return addJson(into, text) ? into.list.map(({ name, value }) => [name, value]) : null;
};

/** What a parser says of the same text, flattened. */
const flatten = (value: unknown, path: string, depth: number): [string, string][] => {
  if (typeof value !== 'object' || value === null)
    return depth > 8
      ? []
      : [[path, value === null ? '' : typeof value === 'number' ? JSON.stringify(value) : String(value)]];
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, path === '' ? key : `${path}.${key}`, depth + 1),
  );
};

describe('values of a JSON text', () => {
  it('are those that a parser finds, by their paths', () => {
    const root = fc.oneof(
      fc.array(fc.jsonValue({ maxDepth: 4 }), { minLength: 2, maxLength: 6 }),
      fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 6 }),
    );
    fc.assert(
      fc.property(root, fc.constantFrom(undefined, 2), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const sorted = (list: [string, string][] | null) => new Map(list ?? []);
        expect(sorted(read(text))).toEqual(sorted(flatten(JSON.parse(text), '', 0)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('are none for whatever a parser refuses', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ',', ']', '}', '"', '1', '\\', '\n', ':'),
        (json, at, piece) => {
          const place = at % (json.length + 1);
          const text = (json.slice(0, place) + piece + json.slice(place + 1)).trim();
          if (!text.startsWith('{') && !text.startsWith('[')) return;
          const isJson = (() => {
            try {
              return JSON.parse(text) !== undefined;
            } catch {
              return false;
            }
          })();
          expect([text, read(text) !== null]).toEqual([text, isJson]);
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it.each([
    [
      '{"id":12345678901234567890,"a":1.10,"b":1e999}',
      [
        ['id', '12345678901234567890'],
        ['a', '1.10'],
        ['b', '1e999'],
      ],
    ],
    ['{"a":1,"a":2}', [['a', '2']]],
    ['[{"a":{"b":null}}]', [['a.b', '']]],
    ['{"__proto__":{"x":true}}', [['__proto__.x', 'true']]],
    ['{"a":"\\ud83d\\ude00\\n"}', [['a', '😀\n']]],
    ['{"a":1,}', null],
    ['{"a":1}{', null],
    ['"a"', null],
  ])('%s', (text, values) => expect(read(text)).toEqual(values));
});

import * as fc from 'fast-check';
import { createPatch } from 'rfc6902';
import { describe, expect, test } from 'vitest';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  equalJson,
  expandedSize,
  goText,
  isJsonObject,
  type JsonObject,
} from './index.js';

describe('JSON patch', () => {
  const document = { a: { b: [1, 2, 3] }, 'x/y~z': 1 };
  test.each([
    [[{ op: 'add', path: '/a/c', value: 1 }], { a: { b: [1, 2, 3], c: 1 }, 'x/y~z': 1 }],
    [[{ op: 'add', path: '/a/b/1', value: 9 }], { a: { b: [1, 9, 2, 3] }, 'x/y~z': 1 }],
    [[{ op: 'add', path: '/a/b/-', value: 9 }], { a: { b: [1, 2, 3, 9] }, 'x/y~z': 1 }],
    [[{ op: 'remove', path: '/a/b/0' }], { a: { b: [2, 3] }, 'x/y~z': 1 }],
    [[{ op: 'replace', path: '/x~1y~0z', value: null }], { a: { b: [1, 2, 3] }, 'x/y~z': null }],
    [[{ op: 'replace', path: '/none', value: 1 }], { a: { b: [1, 2, 3] }, 'x/y~z': 1, none: 1 }],
    [[{ op: 'move', from: '/a/b', path: '/c' }], { a: {}, c: [1, 2, 3], 'x/y~z': 1 }],
    [[{ op: 'copy', from: '/a/b/0', path: '/c' }], { a: { b: [1, 2, 3] }, c: 1, 'x/y~z': 1 }],
    [[{ op: 'test', path: '/a/b', value: [1, 2, 3] }], document],
    [[{ op: 'test', path: '/none', value: null }], document],
    [[{ op: 'replace', path: '', value: { z: 1 } }], { z: 1 }],
  ])('%j', (patch, expected) => expect(applyJsonPatch(document, patch)).toEqual(expected));

  test.each([
    [{ op: 'test', path: '/a/b/0', value: 2 }, 'testing value /a/b/0 failed: test failed'],
    [{ op: 'remove', path: '/none' }, 'remove operation does not apply: doc is missing key: /none: missing value'],
    [
      { op: 'replace', path: '/a/b/7', value: 1 },
      'replace operation does not apply: doc is missing key: /a/b/7: missing value',
    ],
    [
      { op: 'add', path: '/none/x', value: 1 },
      'add operation does not apply: doc is missing path: "/none/x": missing value',
    ],
    [{ op: 'add', path: '/a/b/7', value: 1 }, 'invalid index referenced'],
    [{ op: 'add', path: '/a/b/01', value: 1 }, 'doc is missing path'],
    [{ op: 'add', path: '/toString/x', value: 1 }, 'doc is missing path'],
    [{ op: 'move', from: '/a', path: '/a/b' }, 'is a prefix of'],
    [{ op: 'boil', path: '/a' }, 'Unexpected kind: boil'],
    [{ op: 'add', value: 1 }, 'failed to decode path'],
    [{ op: 'replace', path: '', value: 'text' }, 'must be object or array'],
  ])('%j does not apply', (operation, cause) => {
    expect(() => applyJsonPatch(document, [operation])).toThrow(
      expect.objectContaining({
        code: 422,
        details: {},
        cause: expect.objectContaining({ message: expect.stringContaining(cause) }),
      }),
    );
  });

  test('a patch that is null does nothing', () => {
    expect(applyJsonPatch(document, null)).toEqual(document);
  });

  test('what is no patch is a bad request and what is too long is too large', () => {
    expect(() => applyJsonPatch({}, {})).toThrow('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
    expect(() => applyJsonPatch({}, [1])).toThrow(expect.objectContaining({ code: 400 }));
    const many = new Array(10_001).fill({ op: 'test', path: '/a', value: null });
    expect(() => applyJsonPatch({}, many)).toThrow(
      'The allowed maximum operations in a JSON patch is 10000, got 10001',
    );
  });

  test('copies cannot be used to fill the memory', () => {
    const bomb = Array.from({ length: 40 }, (_, index) => ({ op: 'copy', from: '/a', path: `/a/${index}` }));
    expect(() => applyJsonPatch({ a: {} }, bomb)).toThrow(expect.objectContaining({ code: 422 }));
  });
});

const json = fc
  .object({
    key: fc.string({ maxLength: 4 }),
    values: [fc.integer(), fc.boolean(), fc.string({ maxLength: 3 })],
    maxDepth: 3,
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

test('a JSON patch made by another library leads from one document to the other', () => {
  fc.assert(
    fc.property(json, json, (from, to) => {
      const copy = structuredClone(from);
      expect(applyJsonPatch(from, createPatch(from, to))).toEqual(to);
      expect(from).toEqual(copy);
    }),
  );
});

/** The merge patch that leads from one document to the other; only for documents without nulls. */
function difference(from: JsonObject, to: JsonObject): JsonObject {
  const entries: [string, unknown][] = Object.keys(from)
    .filter((key) => !Object.hasOwn(to, key))
    .map((key) => [key, null]);
  for (const [key, value] of Object.entries(to)) {
    const before = Object.hasOwn(from, key) ? from[key] : undefined;
    if (isJsonObject(before) && isJsonObject(value)) entries.push([key, difference(before, value)]);
    else if (before === undefined || !equalJson(before, value)) entries.push([key, value]);
  }
  return Object.fromEntries(entries);
}

describe('merge patch', () => {
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    [{}, { a: [{ b: null, c: 1 }, null] }, { a: [{ c: 1 }, null] }],
    [{ a: 'b' }, { a: [{ b: null }] }, { a: [{}] }],
    [{ a: {} }, { a: [{ b: null }] }, { a: [{ b: null }] }],
  ])('%j with %j is %j', (document, patch, expected) => expect(applyMergePatch(document, patch)).toEqual(expected));

  test('a patch that is no object is a bad request', () => {
    expect(() => applyMergePatch({}, [])).toThrow(
      'json: cannot unmarshal array into Go value of type map[string]interface {}',
    );
    expect(() => applyMergePatch({}, null)).toThrow('Invalid JSON Patch');
  });

  test('leads from one document to the other', () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        expect(applyMergePatch(from, difference(from, to))).toEqual(to);
      }),
    );
  });

  test('and so does a strategic one where no list is merged', () => {
    const plain = { name: 'Plain', field: () => undefined };
    fc.assert(
      fc.property(json, json, (from, to) => {
        fc.pre(!/"\$|null/.test(JSON.stringify([from, to])));
        expect(applyStrategicMergePatch(from, difference(from, to), plain)).toEqual(to);
      }),
    );
  });
});

describe('strategic merge of keyed lists', () => {
  const elements = fc.uniqueArray(fc.record({ name: fc.constantFrom(...'abcdef'), value: fc.nat(9) }), {
    selector: (element) => element.name,
  });
  const schema = { name: 'List', field: () => ({ mergeKey: 'name', strategies: ['merge'] }) };
  const names = (list: unknown) => (list as { name: string }[]).map((element) => element.name);

  test('applied twice is applied once, no key is lost or doubled, and the order list decides', () => {
    fc.assert(
      fc.property(elements, elements, (before, change) => {
        const patch = { list: change, '$setElementOrder/list': change.map(({ name }) => ({ name })) };
        const once = applyStrategicMergePatch({ list: before }, patch, schema);
        expect(applyStrategicMergePatch(once, patch, schema)).toEqual(once);
        expect(new Set(names(once.list))).toEqual(new Set([...names(before), ...names(change)]));
        expect(names(once.list).filter((name) => names(change).includes(name))).toEqual(names(change));
        expect(new Set(names(once.list)).size).toBe(names(once.list).length);
      }),
    );
  });
});

test('a value that shares its parts is as large as it is written', () => {
  let value: unknown = 'x'.repeat(9);
  for (let level = 0; level < 9; level += 1) value = new Array(9).fill(value);
  expect(expandedSize(value, 1_000)).toBeGreaterThanOrEqual(1_000);
  expect(expandedSize({ ab: ['cd', 1, null] }, 1_000)).toBe(9);
});

test.each([
  [null, '<nil>'],
  [{ b: [1, 'x'], a: { c: true } }, 'map[a:map[c:true] b:[1 x]]'],
  ['text', 'text'],
])('%j is printed as Go prints it', (value, text) => {
  expect(goText(value)).toBe(text);
});

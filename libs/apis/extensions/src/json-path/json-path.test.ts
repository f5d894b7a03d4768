import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonPath, jsonPathOrNone } from './find.js';
import { BadPath } from './parse.js';

const object = {
  spec: { replicas: 3, 'a.b': 'dotted', list: [1, 2, 3, 4], empty: null },
  status: {
    conditions: [
      { type: 'Ready', status: 'True', since: 3 },
      { type: 'Synced', status: 'False', since: 1 },
    ],
  },
};

describe('a JSONPath of a definition', () => {
  it.each([
    ['.spec.replicas', [3]],
    ["['spec']['replicas']", [3]],
    ['.spec.a\\.b', ['dotted']],
    ["['spec']['a.b']", ['dotted']],
    ['.spec.list[0]', [1]],
    ['.spec.list[-1]', [4]],
    ['.spec.list[1:3]', [2, 3]],
    ['.spec.list[::2]', [1, 3]],
    ['.spec.list[0,2]', [1, 3]],
    ['.spec.list[*]', [1, 2, 3, 4]],
    ['.spec.missing.too', []],
    ['.spec.empty', [null]],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    ["['status'].conditions[?(@.type=='Synced')].status", ['False']],
    ['.status.conditions[?(@.since>2)].type', ['Ready']],
    ['.status.conditions[?(@.since)].type', ['Ready', 'Synced']],
    ['.status.conditions[?(@.type!="Ready")].type', ['Synced']],
    ['..since', [3, 1]],
    ['.', [object]],
  ])('finds %s', (path, found) => {
    expect(jsonPath(path)(object)).toEqual(found);
  });

  it.each(['spec', '.spec[', '.spec[x]', '.a[?(b==1)]', `.${'a'.repeat(2000)}`])('refuses %s', (path) => {
    expect(() => jsonPath(path)).toThrow(BadPath);
    expect(jsonPathOrNone(path)).toBeUndefined();
  });

  it('never finds what every object inherits', () => {
    expect(jsonPath('.constructor')(object)).toEqual([]);
    expect(jsonPath('.__proto__')(object)).toEqual([]);
  });

  it('is read or refused, whatever it is, and finds a bounded number of values', () => {
    const pieces = fc.constantFrom(
      '.',
      '..',
      '[',
      ']',
      '*',
      "'a'",
      '?(',
      '@',
      '==',
      '1',
      ':',
      ',',
      ')',
      'a',
      '\\',
      ' ',
    );
    const wide = { a: Array.from({ length: 300 }, () => ({ a: [1, [2, 3]] })) };
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (text) => {
        const find = jsonPathOrNone(text.join(''));
        expect((find?.(wide) ?? []).length).toBeLessThanOrEqual(10_000);
      }),
    );
  });
});

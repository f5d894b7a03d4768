import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadValue, readScalar, WrongType, wordFor, zeroScalar } from './scalars.js';
import type { ScalarType } from './types.js';

const SCALARS: readonly ScalarType[] = [
  'string',
  'int32',
  'int64',
  'double',
  'bool',
  'bytes',
  'time',
  'microTime',
  'quantity',
  'intOrString',
  'any',
];

describe('a scalar', () => {
  it.each<[ScalarType, unknown, unknown]>([
    ['int32', -(2 ** 31), -(2 ** 31)],
    ['int64', 2 ** 53, 2 ** 53],
    ['double', 1e300, 1e300],
    ['bytes', '', ''],
    ['time', '2024-02-29T23:59:59-01:00', '2024-03-01T00:59:59Z'],
    ['microTime', '2024-01-01T00:00:00.1+00:00', '2024-01-01T00:00:00.100000Z'],
    ['quantity', '1024', '1024'],
    ['quantity', '0.001', '1m'],
    ['intOrString', 2 ** 31 - 1, 2 ** 31 - 1],
    ['any', { a: null }, { a: null }],
  ])('%s %j is read as %j', (scalar, given, expected) => {
    expect(readScalar(scalar, given)).toEqual(expected);
  });

  it.each<[ScalarType, unknown]>([
    ['string', 1],
    ['int32', 2 ** 31],
    ['int32', -(2 ** 31) - 1],
    ['int64', 2 ** 63],
    ['int64', 0.5],
    ['double', '1'],
    ['bool', 0],
    ['time', 1],
  ])('%s is not %j', (scalar, given) => {
    expect(() => readScalar(scalar, given)).toThrow(WrongType);
  });

  it.each<[ScalarType, unknown]>([
    ['bytes', 'YQ='],
    ['bytes', 'a-_b'],
    ['time', '2024-13-01T00:00:00Z'],
    ['time', '2024-01-01'],
    ['quantity', '1.5.5'],
    ['quantity', true],
    ['intOrString', 2 ** 31],
    ['intOrString', null],
  ])('%s cannot take %j', (scalar, given) => {
    expect(() => readScalar(scalar, given)).toThrow(BadValue);
  });

  it('is called by the words of Go', () => {
    expect([[], {}, '', 1, true, null].map(wordFor)).toEqual(['array', 'object', 'string', 'number', 'bool', 'null']);
  });

  it('has a canonical form that is read as itself', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...SCALARS),
        fc.oneof(
          fc.jsonValue({ maxDepth: 1 }),
          fc
            .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') })
            .map((date) => date.toISOString()),
        ),
        (scalar, given) => {
          let once: unknown;
          try {
            once = readScalar(scalar, given);
          } catch (error) {
            expect(error instanceof BadValue || error instanceof WrongType).toBe(true);
            return;
          }
          expect(readScalar(scalar, once)).toEqual(once);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('has a zero that null elements become, which is canonical too', () => {
    for (const scalar of SCALARS) {
      const zero = zeroScalar(scalar);
      if (zero !== null) expect(readScalar(scalar, zero)).toBe(zero);
    }
  });
});

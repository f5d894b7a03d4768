import { refuseManyValues } from '@binnacle/apis-schema';
import { expect, it } from 'vitest';
import { refuseLargeBody, refuseLargeObject } from './body-values.js';

const verdict = (text: string): string => {
  try {
    refuseManyValues(Buffer.from(text));
    return 'read';
  } catch (error) {
    return String((error as { code: number }).code);
  }
};
const members = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v'])));

it.each<[reason: string, text: string, expected: string]>([
  ['as many members as there may be', members(20_000), 'read'],
  ['more members', members(20_001), '413'],
  ['a long text of many commas is one value', JSON.stringify({ data: { csv: 'a,"b\\",[{'.repeat(200_000) } }), 'read'],
  ['nesting', '['.repeat(1_000_000), '413'],
  ['members behind a quote that is none', `{a: it"s, ${'b: c, '.repeat(100_000)}}`, '413'],
  ['a text that never ends', `{"a": "${'b, '.repeat(100_000)}`, 'read'],
  ['YAML of many members', 'a:\n'.repeat(70_000), '413'],
  ['YAML of a long text', `a: |\n${'  a line of text, and another\n'.repeat(25_000)}`, 'read'],
  ['YAML of many elements', `a: [${'b,'.repeat(70_000)}]`, '413'],
  ['nothing', '', 'read'],
])('%s', (_reason, text, expected) => {
  expect(verdict(text)).toBe(expected);
});

it('lets kinds hold more that say so', () => {
  const body = Buffer.from(members(30_000));
  const json = { 'content-type': 'application/json' };
  expect(() => refuseLargeBody({ body, headers: json })).toThrow('limit is 20000 values');
  expect(() => refuseLargeBody({ body, headers: json }, 30_000)).not.toThrow();
  expect(() => refuseLargeBody({ body, headers: json }, 29_999)).toThrow('limit is 29999 values');
  expect(() => refuseManyValues(Buffer.from('a:\n'.repeat(70_000)), 30_000)).not.toThrow();
  expect(() => refuseLargeObject(JSON.parse(members(29_000)), 30_000)).not.toThrow();
});

it('leaves protobuf to who reads it, and what is not there to nobody', () => {
  const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
  expect(() => refuseLargeBody({ body: Buffer.from(members(30_000)), headers })).not.toThrow();
  expect(() => refuseLargeBody({ headers: {} })).not.toThrow();
});

it('looks at bytes that are no text', () => {
  expect(() => refuseManyValues(Buffer.alloc(100_000, 0xff))).not.toThrow();
  expect(() => refuseManyValues(Buffer.from([0x7b, 0x22, 0x5c]))).not.toThrow();
});

it('counts what an object holds, and not who owns it', () => {
  const many = Object.fromEntries(Array.from({ length: 15_000 }, (_, at) => [`k${at}`, { a: {} }]));
  expect(() => refuseLargeObject({ metadata: { managedFields: [{ fieldsV1: many }] } })).not.toThrow();
  expect(() => refuseLargeObject({ data: many })).toThrow('limit is 20000 values in one body');
  expect(() => refuseLargeObject('text')).not.toThrow();
});

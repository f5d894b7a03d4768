import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { facts, route } from '../testing/routes.js';
import { linearRegex } from './linear-regex.js';
import { PathTable, TooMuchToMatch } from './path-table.js';
import type { Conditions } from './route.js';

const named = (...paths: readonly string[]) => new PathTable(paths.map((path) => route(path, path)));
const found = (table: PathTable, path: string) => table.find(facts(path))?.route.origin.name;

describe('paths, as the documentation of Ingress has them', () => {
  test.each<[paths: string[], asked: string, expected: string | undefined]>([
    [['/'], '/any/thing', '/'],
    [['= /foo'], '/foo', '= /foo'],
    [['= /foo'], '/bar', undefined],
    [['= /foo'], '/foo/', undefined],
    [['= /foo/'], '/foo', undefined],
    [['/foo'], '/foo', '/foo'],
    [['/foo'], '/foo/', '/foo'],
    [['/foo/'], '/foo', '/foo/'],
    [['/foo/'], '/foo/', '/foo/'],
    [['/aaa/bb'], '/aaa/bbb', undefined],
    [['/aaa/bbb'], '/aaa/bbb', '/aaa/bbb'],
    [['/aaa/bbb/'], '/aaa/bbb', '/aaa/bbb/'],
    [['/aaa/bbb'], '/aaa/bbb/', '/aaa/bbb'],
    [['/aaa/bbb'], '/aaa/bbb/ccc', '/aaa/bbb'],
    [['/aaa/bbb'], '/aaa/bbbxyz', undefined],
    [['/', '/aaa'], '/aaa/ccc', '/aaa'],
    [['/', '/aaa'], '/ccc', '/'],
    [['/', '/aaa', '/aaa/bbb'], '/aaa/bbb', '/aaa/bbb'],
    [['/aaa'], '/ccc', undefined],
    [['/foo', '= /foo'], '/foo', '= /foo'],
    [['/foo'], '/FOO', undefined],
  ])('%j: %s leads to %s', (paths, asked, expected) => {
    expect(found(named(...paths), asked)).toBe(expected);
  });
});

describe('patterns', () => {
  const table = named('/', '~ /app(/|$)(.*)', '/app/very/long/prefix', '= /app/exact');

  test.each([
    ['/app', '~ /app(/|$)(.*)'],
    ['/APP/x', '~ /app(/|$)(.*)'],
    ['/app/exact', '= /app/exact'],
    ['/app/very/long/prefix/x', '/app/very/long/prefix'],
    ['/apple', '/'],
  ])('%s leads to %s: the longer one first', (asked, expected) => {
    expect(found(table, asked)).toBe(expected);
  });

  test('tell what their groups caught', () => {
    expect(table.find(facts('/app/a/b'))?.groups).toEqual(['/app/a/b', '/', 'a/b']);
  });

  test('take no more steps than a request may cost', () => {
    const many = new PathTable(Array.from({ length: 100 }, (_, at) => route(`${at}`, `~ /(a|b|ab)*c${at}(x|y)*z`)));
    expect(() => many.find(facts(`/${'ab'.repeat(2_000)}`))).toThrow(TooMuchToMatch);
    expect(many.find(facts('/ab'))).toBeUndefined();
  });

  test('that are too large are refused', () => {
    expect(() => linearRegex('a'.repeat(1_025))).toThrow('more than 1024 characters');
    expect(() => linearRegex('(((a{30}){30}){30}){2}')).toThrow();
    expect(() => linearRegex('(a')).toThrow('missing');
  });
});

describe('of one path', () => {
  const when = (name: string, conditions: Conditions) => route(name, '/a', { conditions });
  const table = new PathTable([
    when('beta', { headers: [['x-version', { kind: 'exact', value: 'beta' }]] }),
    when('search', { method: 'GET', query: [['q', { kind: 'regex', regex: linearRegex('^[a-z]+$') }]] }),
    route('others', '/'),
  ]);

  test('the first whose conditions hold is taken, and else a shorter one', () => {
    const name = (target: string, more: Parameters<typeof facts>[1] = {}) =>
      table.find(facts(target, more))?.route.origin.name;
    expect(name('/a', { headers: { 'x-version': 'beta' } })).toBe('beta');
    expect(name('/a', { headers: { 'x-version': 'beta1' } })).toBe('others');
    expect(name('/a?q=abc')).toBe('search');
    expect(name('/a?q=1')).toBe('others');
    expect(name('/a?q=abc', { method: 'POST' })).toBe('others');
  });
});

test('finds what looking at every rule would find', () => {
  const path = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 4 }).map((elements) => `/${elements.join('/')}`);
  const rule = fc.tuple(fc.constantFrom('', '= '), path).map((parts) => parts.join(''));
  const isBelow = (prefix: string, asked: string) =>
    prefix === '/' || asked === prefix || asked.startsWith(`${prefix}/`);
  fc.assert(
    fc.property(fc.uniqueArray(rule, { maxLength: 10 }), path, (rules, asked) => {
      const exact = rules.find((one) => one === `= ${asked}`);
      const [longest] = rules
        .filter((one) => !one.startsWith('= ') && isBelow(one, asked))
        .sort((a, b) => b.length - a.length);
      expect(found(named(...rules), asked)).toBe(exact ?? longest);
    }),
  );
});

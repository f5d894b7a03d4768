import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../testing/evaluate.js';

/** Whether a named format has nothing to say of a text. */
const isGood = (format: string, text: string): boolean => {
  const found = evaluate(`format.${format}().validate(text).hasValue()`, { text });
  expect(['true', 'false']).toContain(found);
  return found === 'false';
};

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const text = fc.string({ unit: fc.constantFrom('a', 'Z', '0', '-', '.', '_', '/', 'é'), maxLength: 8 });

describe('named formats', () => {
  it('of DNS are those of RFC 1123 and 1035', () => {
    fc.assert(
      fc.property(text, (one) => {
        expect(isGood('dns1123Label', one)).toBe(LABEL.test(one));
        expect(isGood('dns1123Subdomain', one)).toBe(one.split('.').every((part) => LABEL.test(part)));
        expect(isGood('dns1035Label', one)).toBe(LABEL.test(one) && /^[a-z]/.test(one));
      }),
      { numRuns: 300 },
    );
  });

  it('of labels are those of Kubernetes', () => {
    const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
    fc.assert(
      fc.property(text, (one) => {
        expect(isGood('labelValue', one)).toBe(one === '' || NAME.test(one));
        const [name = '', prefix, ...more] = one.split('/').reverse();
        const prefixIsGood = prefix === undefined || prefix.split('.').every((part) => LABEL.test(part));
        expect(isGood('qualifiedName', one)).toBe(more.length === 0 && prefixIsGood && NAME.test(name));
      }),
      { numRuns: 300 },
    );
  });

  it.each<[string, string, boolean]>([
    ['dns1123Label', 'a'.repeat(63), true],
    ['dns1123Label', 'a'.repeat(64), false],
    ['dns1123Subdomain', `${'a'.repeat(63)}.`.repeat(3) + 'b'.repeat(61), true],
    ['dns1123Subdomain', 'a.'.repeat(127), false],
    ['labelValue', 'a'.repeat(64), false],
    ['dns1123LabelPrefix', 'web-', true],
    ['dns1123SubdomainPrefix', 'web.a-', true],
    ['dns1035LabelPrefix', '00-', false],
    ['uri', 'https://example.com/a?b=c', true],
    ['uri', '/absolute', true],
    ['uri', 'a b', false],
    ['uuid', '123e4567-e89b-12d3-a456-426614174000', true],
    ['uuid', '123e4567e89b12d3a456426614174000', true],
    ['uuid', '123e4567-e89b-12d3-a456-42661417400', false],
    ['byte', 'aGVsbG8=', true],
    ['byte', 'a', false],
    ['date', '2024-02-29', true],
    ['date', '2023-02-29', false],
    ['date', '2023-2-9', false],
    ['datetime', '2024-02-29T23:59:59Z', true],
    ['datetime', '2024-02-29', false],
  ])('%s of %s is good: %s', (format, one, expected) => {
    expect(isGood(format, one)).toBe(expected);
  });

  it('are found by their names, and no others', () => {
    expect(evaluate("format.named('dns1123Label').value() == format.dns1123Label()")).toBe('true');
    for (const name of ['', 'none', 'constructor', '__proto__', 'toString'])
      expect([name, evaluate('format.named(name).hasValue()', { name })]).toEqual([name, 'false']);
    expect(evaluate('format.none()')).toMatch(/^refused: undeclared reference/);
  });
});

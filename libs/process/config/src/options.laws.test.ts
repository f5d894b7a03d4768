import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError, describeOptions, environmentName, readOptions } from './index.js';

const specs = {
  text: { type: 'string', description: 'a text', default: 'd' },
  number: { type: 'number', description: 'a number', default: 7 },
  'yes-or-no': { type: 'boolean', description: 'a truth', default: false },
} as const;

const value = fc.string({ unit: fc.constantFrom('a', '1', '-', ' ', '=', '.', 'e'), maxLength: 6 });

describe('settings', () => {
  test('are the same from a flag and from the environment', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('text', 'number', 'yes-or-no'),
        fc.oneof(value, fc.constantFrom('true', 'no', '1', 'TRUE')),
        (name, given) => {
          const read = (argv: string[], env: Record<string, string>) => {
            try {
              return readOptions(specs, argv, env);
            } catch (error) {
              expect(error).toBeInstanceOf(ConfigError);
              return (error as Error).message;
            }
          };
          // A truth is told by the flag itself, not by a value.
          if (name === 'yes-or-no') return;
          expect(read([`--${name}=${given}`], {})).toEqual(read([], { [environmentName(name)]: given }));
        },
      ),
    );
  });

  test.each([
    ['true', true],
    ['1', true],
    ['yes', true],
    ['false', false],
    ['0', false],
    ['no', false],
  ])('BINNACLE_YES_OR_NO=%s is %s', (text, expected) => {
    expect(readOptions(specs, [], { BINNACLE_YES_OR_NO: text })['yes-or-no']).toBe(expected);
  });

  test.each<[Record<string, string>, string]>([
    [{ BINNACLE_YES_OR_NO: 'maybe' }, '--yes-or-no must be true or false, not "maybe"'],
    [{ BINNACLE_NUMBER: '' }, '--number must be a number, not ""'],
    [{ BINNACLE_NUMBER: 'Infinity' }, '--number must be a number, not "Infinity"'],
    [{ BINNACLE_NUMBER: '1e400' }, '--number must be a number, not "1e400"'],
  ])('%j are refused', (env, message) => {
    expect(() => readOptions(specs, [], env)).toThrow(message);
  });

  test.each([
    [['--text']],
    [['--text=a', 'rest']],
    [['--yes-or-no=true']],
    [['--no-text']],
    [['-x']],
    [['--constructor=x']],
  ])('%j is refused in one sentence', (argv) => {
    expect(() => readOptions(specs, argv, {})).toThrow(ConfigError);
  });

  test('of a flag that is given twice, the last counts; one turned off wins over the environment', () => {
    expect(readOptions(specs, ['--number=1', '--number=2'], {}).number).toBe(2);
    expect(readOptions(specs, ['--no-yes-or-no'], { BINNACLE_YES_OR_NO: 'true' })['yes-or-no']).toBe(false);
  });

  test('are described with their defaults, where they have one', () => {
    const help = describeOptions('program', { ...specs, more: { type: 'string', description: 'more', default: '' } });
    expect(help).toMatch(/^Usage: program \[flags\]\n/);
    expect(help).toMatch(/--number +a number \(default 7\)\n/);
    expect(help).toMatch(/--more +more\n/);
  });
});

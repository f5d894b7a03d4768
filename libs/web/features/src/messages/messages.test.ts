import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { chooseLocale, MESSAGES } from './index.js';

function flatten(messages: object, prefix = ''): [string, string][] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${prefix}${key}`, value] as [string, string]]
      : flatten(value as object, `${prefix}${key}.`),
  );
}

type Element = {
  readonly value?: unknown;
  readonly type: number;
  readonly options?: Record<string, { value: Element[] }>;
};

/** The names a message has places for. Types 1 to 6 are arguments of one kind or another, 8 are tags. */
function argumentsOf(elements: readonly Element[]): string[] {
  const names = elements.flatMap(({ type, value, options = {} }) => [
    ...(type >= 1 && type <= 6 ? [String(value)] : []),
    ...Object.values(options).flatMap((option) => argumentsOf(option.value)),
  ]);
  return [...new Set(names)].sort();
}

const parsed = (locale: string, text: string) => new IntlMessageFormat(text, locale).getAst() as unknown as Element[];
const english = new Map(flatten(MESSAGES.en));

describe.each(Object.entries(MESSAGES))('the words in %s', (locale, messages) => {
  test('can all be read, and have places for the same things as the English ones', () => {
    for (const [key, text] of flatten(messages)) {
      const places = argumentsOf(parsed(locale, text));
      expect([key, places]).toEqual([key, argumentsOf(parsed('en', english.get(key) ?? ''))]);
    }
  });

  test('are never empty', () => {
    expect(flatten(messages).filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});

test.each([
  ['zh-CN', 'en', 'zh-CN'],
  [undefined, 'zh-TW,en;q=0.5', 'zh-CN'],
  [undefined, 'de,en-GB;q=0.8,zh;q=0.1', 'en'],
  [undefined, null, 'en'],
  ['xx', 'zh', 'zh-CN'],
])('chosen %s, browser %s: %s', (chosen, accepted, locale) => {
  expect(chooseLocale(chosen, accepted)).toBe(locale);
});

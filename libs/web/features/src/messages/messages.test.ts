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

/** What of a message is said as it stands, without what is put into it. */
function literalsOf(elements: readonly Element[]): string {
  return elements
    .map(({ type, value, options = {} }) =>
      type === 0
        ? String(value)
        : Object.values(options)
            .map((option) => literalsOf(option.value))
            .join(' '),
    )
    .join(' ');
}

/** Names that are written so in every language. */
const NAMES = new Set(
  'Binnacle API YAML JSON TLS Ingress UID CPU QoS CIDR Init init core Pod Deployment ReplicaSet Service Kubernetes Kubelet kubelet kubectl logs apply WebSocket app web status Job CronJob DaemonSet emptyDir OnDelete Secret DNS IngressClass ExternalName externalTrafficPolicy Local kubernetes tls HTTP GET'.split(
    ' ',
  ),
);

describe('简体中文', () => {
  const chinese = flatten(MESSAGES['zh-CN']).map(([key, text]) => [key, literalsOf(parsed('zh-CN', text))] as const);

  test('is Chinese: what is Latin in it are names', () => {
    const foreign = chinese.map(([key, said]) => [
      key,
      (said.match(/[A-Za-z]{3,}/g) ?? []).filter((word) => !NAMES.has(word)),
    ]);
    expect(foreign.filter(([, words]) => words?.length)).toEqual([]);
  });

  test('says what English says in words of its own', () => {
    const same = chinese.filter(([key, said]) => {
      const [its, theirs] = [said.trim(), literalsOf(parsed('en', english.get(key) ?? '')).trim()];
      return (
        its === theirs &&
        !its
          .split(/\W+/)
          .filter(Boolean)
          .every((word) => NAMES.has(word) || word.length < 3)
      );
    });
    expect(same).toEqual([]);
  });

  test('has its own marks after its own words', () => {
    expect(chinese.filter(([, said]) => /[\u4e00-\u9fff][,;?!.](?:\s|$)/.test(said))).toEqual([]);
  });
});

test('no message has blanks at its ends or two in a row', () => {
  for (const messages of Object.values(MESSAGES)) {
    expect(flatten(messages).filter(([, text]) => text !== text.trim() || text.includes('  '))).toEqual([]);
  }
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

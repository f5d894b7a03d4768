import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const CSS = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const COLOUR = /--([a-z0-9-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g;
/** What WCAG AA asks of small text. */
const ENOUGH = 4.5;

type Oklch = readonly [lightness: number, chroma: number, hue: number];

const [light = '', dark = ''] = CSS.split(':root[data-theme="dark"]');
const tokensOf = (text: string) =>
  new Map([...text.matchAll(COLOUR)].map(([, name = '', ...parts]) => [name, parts.map(Number) as unknown as Oklch]));

/** How bright a colour is, 0 to 1: from OKLCH by linear sRGB. */
function luminance([lightness, chroma, hue]: Oklch): number {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const within = (value: number) => Math.min(1, Math.max(0, value));
  const red = within(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = within(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = within(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: Oklch, other: Oklch): number {
  const [high, low] = [luminance(one), luminance(other)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ['canvas', 'surface', 'raised', 'hover', 'selected'];
const WORDS = ['ink', 'ink-2', 'ink-3', 'ok', 'warn', 'error'];
/** Each on its own soft ground as well. */
const SOFT = ['ok', 'warn', 'error'];
const PAIRS = [
  ...WORDS.flatMap((word) => GROUNDS.map((ground) => [word, ground] as const)),
  ...SOFT.map((word) => [word, `${word}-soft`] as const),
];

describe.each([
  ['light', light],
  ['dark', dark],
])('the %s theme', (_, text) => {
  const tokens = tokensOf(text);

  test.each(PAIRS)('%s can be read on %s', (word, ground) => {
    const [ink, paper] = [tokens.get(word), tokens.get(ground)];
    expect(ink && paper && contrast(ink, paper)).toBeGreaterThanOrEqual(ENOUGH);
  });
});

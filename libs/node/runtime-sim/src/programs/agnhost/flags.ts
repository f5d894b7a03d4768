/** The flags of a command line as upstream's test image reads them: `--name=value` or `--name value`. */
export class Flags {
  constructor(private readonly words: readonly string[]) {}

  text(name: string, fallback = ''): string {
    const index = this.words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
    const word = this.words[index];
    if (word === undefined) return fallback;
    const at = word.indexOf('=');
    return (at >= 0 ? word.slice(at + 1) : this.words[index + 1]) ?? fallback;
  }

  /** What is no number is taken for one that was not given. */
  number(name: string, fallback: number): number {
    const text = this.text(name);
    return text === '' || Number.isNaN(Number(text)) ? fallback : Number(text);
  }

  isSet(name: string, fallback = false): boolean {
    if (this.words.includes(`--${name}`)) return true;
    const text = this.text(name);
    return text === '' ? fallback : text === 'true';
  }
}

const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 1e-3, ns: 1e-6 };
const DURATION = /^(\d+(\.\d+)?(h|ms|m|s|us|ns))+$/;

/** Milliseconds of what Go writes as `1m30s`; undefined for what is none. */
export function goDuration(text: string): number | undefined {
  if (text === '0') return 0;
  if (!DURATION.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|ns)/g);
  return [...parts].reduce((sum, [, number, unit = '']) => sum + Number(number) * (UNITS[unit] ?? 0), 0);
}

import { ConfigError } from '@binnacle/process-config';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 24 * 3_600_000 };

/** Milliseconds of `90s`, `30m`, `8h` or `7d`. Throws ConfigError for anything else. */
export function durationOf(flag: string, text: string): number {
  const [, count, unit = ''] = /^([1-9]\d{0,6})([smhd])$/.exec(text) ?? [];
  if (count === undefined) throw new ConfigError(`${flag}: "${text}" is no length of time such as 30m, 8h or 7d`);
  return Number(count) * (UNITS[unit] ?? 0);
}

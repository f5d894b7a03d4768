const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1e3,
  m: 6e4,
  h: 36e5,
};

/** Milliseconds of a duration as Go writes it: `1m30s`. Zero for what is none. */
export function durationMilliseconds(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const parts = [...text.matchAll(/([0-9.]+)(ns|us|µs|μs|ms|s|m|h)/g)];
  return sign * parts.reduce((sum, [, amount = '0', unit = 's']) => sum + Number(amount) * (UNITS[unit] ?? 0), 0);
}

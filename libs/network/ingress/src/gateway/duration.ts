const WHOLE = /^(?:\d{1,5}(?:h|m|s|ms)){1,4}$/;
const PART = /(\d{1,5})(ms|h|m|s)/g;
const MILLISECONDS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

/** A duration of the Gateway API, such as `1m30s`, in milliseconds; undefined for what is none. */
export function durationOf(text: string): number | undefined {
  if (!WHOLE.test(text)) return undefined;
  let sum = 0;
  for (const [, digits, unit = ''] of text.matchAll(PART)) sum += Number(digits) * (MILLISECONDS[unit] ?? 0);
  return sum;
}

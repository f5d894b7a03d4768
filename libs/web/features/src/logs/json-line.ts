/** A line that a program has written as JSON, to be read as one. */
export interface JsonLine {
  readonly level: string;
  readonly tone: 'error' | 'warn' | 'none';
  readonly message: string;
  readonly fields: readonly (readonly [key: string, value: string])[];
}

const LEVELS = ['level', 'severity', 'lvl'];
const MESSAGES = ['msg', 'message', 'event'];
/** What the line's own stamp says already. */
const TIMES = new Set(['ts', 'time', 'timestamp', '@timestamp']);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

function toneOf(level: string): JsonLine['tone'] {
  if (/^(err|fatal|crit|panic|alert|emerg)/i.test(level)) return 'error';
  return /^warn/i.test(level) ? 'warn' : 'none';
}

function parsed(text: string): object | undefined {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    // It only began like one.
    return undefined;
  }
}

/** Undefined for a line that is no JSON object. */
export function readJsonLine(text: string): JsonLine | undefined {
  const value = parsed(text);
  if (!value) return undefined;
  const entries = Object.entries(value);
  const first = (names: readonly string[]) =>
    entries.find(([key, each]) => names.includes(key) && typeof each === 'string');
  const [level, message] = [first(LEVELS), first(MESSAGES)];
  const said = new Set([level?.[0], message?.[0]]);
  const rest = entries.filter(([key]) => !said.has(key) && !TIMES.has(key));
  return {
    level: textOf(level?.[1] ?? ''),
    tone: toneOf(textOf(level?.[1] ?? '')),
    message: textOf(message?.[1] ?? ''),
    fields: rest.map(([key, each]) => [key, textOf(each)]),
  };
}

import type { IncomingMessage } from 'node:http';

/** Reads what others answer, of which nothing is believed to be of any size or kind. */
export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

export const listOf = (value: unknown, most: number): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, most) : [];

/** Empty where it is no text, or too long a one. */
export function textOf(value: unknown, longest: number): string {
  return typeof value === 'string' && value.length <= longest ? value : '';
}

/** What cannot be an amount is none. */
export function amountOf(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER ? value : 0;
}

/** All of an answer. Rejects where it is longer than so many bytes. */
export async function bodyOf(answer: IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    chunks.push(chunk as Buffer);
    bytes += (chunk as Buffer).length;
    if (bytes > most) throw new Error(`more than ${most} bytes are answered`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

import type { LogLine } from '@binnacle/web-data';

/** Indexes of the lines that contain `text`, whatever its case. */
export function findLines(lines: readonly LogLine[], text: string): number[] {
  const wanted = text.toLowerCase();
  if (wanted === '') return [];
  return lines.flatMap((line, index) => (line.text.toLowerCase().includes(wanted) ? [index] : []));
}

interface Piece {
  readonly text: string;
  readonly hit: boolean;
}

/** Cuts a line at every place where `wanted` stands. */
export function pieces(text: string, wanted: string): Piece[] {
  if (wanted === '') return [{ text, hit: false }];
  const [lower, needle] = [text.toLowerCase(), wanted.toLowerCase()];
  // Lower case may be longer than upper case in some languages; then nothing is marked rather than the wrong letters.
  if (lower.length !== text.length) return [{ text, hit: false }];
  const found: Piece[] = [];
  let at = 0;
  for (let next = lower.indexOf(needle); next >= 0; next = lower.indexOf(needle, at)) {
    if (next > at) found.push({ text: text.slice(at, next), hit: false });
    found.push({ text: text.slice(next, next + needle.length), hit: true });
    at = next + needle.length;
  }
  if (at < text.length || found.length === 0) found.push({ text: text.slice(at), hit: false });
  return found;
}

// Colours and cursor movements that programs write for terminals.
const ESCAPES = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

export function withoutEscapes(text: string): string {
  return text.includes('\u001b') ? text.replaceAll(ESCAPES, '') : text;
}

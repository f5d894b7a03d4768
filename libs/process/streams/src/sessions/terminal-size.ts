import type { Readable } from 'node:stream';

/** 0 is not known. */
export interface TerminalSize {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** Of a message that does not end; a size is 30 bytes. */
const MOST_BYTES = 1024;

function sizeOf(text: string): TerminalSize | undefined {
  try {
    const { Width: width, Height: height } = JSON.parse(text) as { Width?: unknown; Height?: unknown };
    const isCount = (value: unknown): value is number =>
      Number.isInteger(value) && Number(value) >= 0 && Number(value) < 65_536;
    return isCount(width) && isCount(height) ? { width, height } : undefined;
  } catch {
    return undefined;
  }
}

/** Calls back for each size that is told: JSON objects in a row. What is none is passed over. */
export function readSizes(source: Readable, listener: (size: TerminalSize) => void): void {
  let text = '';
  source.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}')) {
      const size = sizeOf(text.slice(0, end + 1));
      text = text.slice(end + 1);
      if (size) listener(size);
    }
    if (text.length > MOST_BYTES) text = '';
  });
}

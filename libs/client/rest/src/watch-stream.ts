import { type KubeObject, type Status, StatusError, type WatchEvent } from '@binnacle/machinery-meta';

const NEWLINE = 0x0a;

function join(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/**
 * Splits bytes into lines. A line is decoded only when it is whole, so that neither it nor a character in it may be
 * broken by the boundary of a chunk. A last line without a newline is dropped: its connection broke half way.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let pending: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      pending.push(chunk.subarray(start, end));
      const line = decoder.decode(join(pending));
      pending = [];
      start = end + 1;
      if (line.length > 0) yield line;
    }
    if (start < chunk.length) pending.push(chunk.slice(start));
  }
}

/** The events of a watch answer. An ERROR event is thrown as the StatusError it carries. */
export async function* readWatch<T extends KubeObject>(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<WatchEvent<T>> {
  for await (const line of readLines(chunks)) {
    const event = JSON.parse(line) as WatchEvent<T>;
    if (event.type === 'ERROR') throw StatusError.fromStatus(event.object as unknown as Status);
    yield event;
  }
}

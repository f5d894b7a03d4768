import type { ServerHttp2Stream } from 'node:http2';

/**
 * Calls back when nothing of an HTTP/2 connection is being read.
 *
 * Node reads what has come over a connection in one go, and runs events, ticks and promises of its streams in the middle of that. A
 * stream that is reset or a session that is destroyed there makes the library below send, and free what it is about to read on:
 * the memory of the process is corrupted (20.20). So nothing is ever ended from within an event of HTTP/2 but through this.
 */
export function whenNothingIsRead(end: () => void): void {
  setImmediate(end);
}

/** Resets a stream; one that is closed by then is left alone. */
export function closeStream(stream: ServerHttp2Stream): void {
  whenNothingIsRead(() => {
    if (!stream.closed && !stream.destroyed) stream.close();
  });
}

/** Breaks an answer off, so that its client sees that it is not whole. */
export function breakOff(answer: { readonly stream?: unknown; destroy(): unknown }): void {
  if (answer.stream) whenNothingIsRead(() => void answer.destroy());
  else answer.destroy();
}

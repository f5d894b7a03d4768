import type { Context } from '@binnacle/machinery-context';

export interface TransportRequest {
  readonly method: string;
  /** Path and query, beginning with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A stream may stay silent for minutes (watches, followed logs); other requests may not. */
  readonly streaming: boolean;
}

export interface TransportAnswer {
  readonly status: number;
  header(name: string): string | undefined;
  text(): Promise<string>;
  chunks(): AsyncIterable<Uint8Array>;
}

/** Carries requests to one server: over sockets in Node, over `fetch` and cookies in a browser. */
export interface Transport {
  send(ctx: Context, request: TransportRequest): Promise<TransportAnswer>;
  close(): Promise<void>;
}

/** The server could not be reached, or the connection broke: nothing is known about what it did. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

export const CONNECT_MILLISECONDS = 10_000;
/** Longer than the server's own limit for requests that are not watches (60 s). */
export const ANSWER_MILLISECONDS = 65_000;

/** What a request failed with: why its context ended, or else a TransportError. */
export function failure(ctx: Context, { method, path }: TransportRequest, error: unknown): unknown {
  if (ctx.signal.aborted) return ctx.signal.reason;
  const text = error instanceof Error ? error.message : String(error);
  return new TransportError(`${method} ${path}: ${text}`, { cause: error });
}

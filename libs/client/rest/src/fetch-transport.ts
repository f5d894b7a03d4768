import { type Transport, TransportError } from './transport.js';

export interface FetchTransportOptions {
  /** Where the API is; the page's own origin when left out. */
  readonly origin?: string;
  /** Sent with every request, for example the CSRF header. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly fetch?: typeof fetch;
}

async function* chunksOf(response: Response): AsyncIterable<Uint8Array> {
  const reader = response.body?.getReader();
  if (!reader) return;
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** Requests with the browser's own connection, cookies included. */
export function fetchTransport(options: FetchTransportOptions = {}): Transport {
  const send = options.fetch ?? fetch;
  return {
    async send(ctx, request) {
      try {
        const response = await send(`${options.origin ?? ''}${request.path}`, {
          method: request.method,
          headers: { ...request.headers, ...options.headers },
          body: request.body,
          signal: ctx.signal as RequestInit['signal'],
          credentials: 'same-origin',
        });
        return {
          status: response.status,
          header: (name) => response.headers.get(name) ?? undefined,
          text: () => response.text(),
          chunks: () => chunksOf(response),
        };
      } catch (error) {
        if (ctx.signal.aborted) throw ctx.signal.reason;
        throw new TransportError(`${request.method} ${request.path} failed`, { cause: error });
      }
    },
    async close() {},
  };
}

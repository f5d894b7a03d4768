import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import type { ClientConfig } from '@binnacle/client-rest';

export interface RawCall {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes and text are sent as they are, anything else as JSON. */
  readonly body?: unknown;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look at answers of every shape
export type JsonAnswer = RawAnswer & { readonly json: any };

export interface OpenWatch extends AsyncIterable<{ type: string; object: JsonAnswer['json'] }> {
  readonly status: number;
  next(): Promise<{ type: string; object: JsonAnswer['json'] }>;
  close(): void;
}

function encode(body: unknown): { bytes?: Buffer; type?: string } {
  if (body === undefined) return {};
  if (Buffer.isBuffer(body)) return { bytes: body };
  if (typeof body === 'string') return { bytes: Buffer.from(body) };
  return { bytes: Buffer.from(JSON.stringify(body)), type: 'application/json' };
}

async function* frames(message: IncomingMessage): AsyncGenerator<{ type: string; object: JsonAnswer['json'] }> {
  let rest = '';
  for await (const chunk of message) {
    rest += String(chunk);
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line);
  }
}

/** Plain HTTP requests as one user, for tests of what goes over the wire. */
export class RawApi {
  private readonly agent: Agent;

  constructor(private readonly config: ClientConfig) {
    const { ca, cert, key } = config;
    this.agent = new Agent({ ca, cert, key, keepAlive: true });
  }

  async call(path: string, { method = 'GET', headers = {}, body }: RawCall = {}): Promise<JsonAnswer> {
    const message = await this.open(path, { method, headers, body });
    let text = '';
    for await (const chunk of message) text += String(chunk);
    const { statusCode: status = 0, headers: answered } = message;
    const parsed = /json/.test(answered['content-type'] ?? '') && text ? JSON.parse(text) : undefined;
    return { status, headers: answered, text, json: parsed };
  }

  /** Opens a watch; `next` answers its events one by one and rejects when it has ended. */
  async watch(path: string, headers: RawCall['headers'] = {}): Promise<OpenWatch> {
    const message = await this.open(path, { headers });
    const iterator = frames(message);
    return {
      status: message.statusCode ?? 0,
      next: async () => {
        const { done, value } = await iterator.next();
        if (done) throw new Error('the watch has ended');
        return value;
      },
      close: () => message.destroy(),
      [Symbol.asyncIterator]: () => iterator,
    };
  }

  close(): void {
    this.agent.destroy();
  }

  private async open(path: string, { method = 'GET', headers = {}, body }: RawCall): Promise<IncomingMessage> {
    const { bytes, type } = encode(body);
    const sent = {
      ...(type && { 'content-type': type }),
      ...(bytes && { 'content-length': String(bytes.length) }),
      ...(this.config.token && { authorization: `Bearer ${this.config.token}` }),
      ...headers,
    };
    const call = request(new URL(path, this.config.server), { method, headers: sent, agent: this.agent });
    call.on('error', () => undefined);
    call.end(bytes);
    const [message] = (await once(call, 'response')) as [IncomingMessage];
    return message;
  }
}

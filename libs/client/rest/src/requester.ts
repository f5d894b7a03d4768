import { type Context, sleep } from '@binnacle/machinery-context';
import { clusterPrefix } from '@binnacle/machinery-meta';
import { errorFrom } from './errors.js';
import { type Transport, type TransportAnswer, TransportError, type TransportRequest } from './transport.js';

/** As client-go: a server that says when to come back is asked again this many times. */
const MOST_RETRIES = 10;
const LONGEST_WAIT_SECONDS = 30;

export interface RequestOptions {
  readonly body?: string;
  readonly contentType?: string;
  readonly accept?: string;
  readonly streaming?: boolean;
}

export interface RequesterOptions {
  readonly cluster?: string;
  readonly userAgent?: string;
  readonly token?: string;
}

/** How long to wait before asking again, in milliseconds; undefined means the answer stands. */
function retryDelay(answer: TransportAnswer): number | undefined {
  if (answer.status !== 429 && answer.status < 500) return undefined;
  const seconds = Number(answer.header('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000 : undefined;
}

/** Sends requests below one logical cluster's root, again where the server asks for that, and turns failures into errors. */
export class Requester {
  private readonly prefix: string;
  private readonly headers: Readonly<Record<string, string>>;

  constructor(
    private readonly transport: Transport,
    options: RequesterOptions,
  ) {
    this.prefix = clusterPrefix(options.cluster);
    this.headers = {
      ...(options.userAgent && { 'user-agent': options.userAgent }),
      ...(options.token && { authorization: `Bearer ${options.token}` }),
    };
  }

  /** Rejects with a StatusError for every answer that is not a success. */
  async send(ctx: Context, method: string, path: string, options: RequestOptions = {}): Promise<TransportAnswer> {
    const answer = await this.sendRaw(ctx, method, path, options);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw await errorFrom(answer);
  }

  async sendJson<T>(ctx: Context, method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const answer = await this.send(ctx, method, path, options);
    return JSON.parse(await answer.text()) as T;
  }

  async sendRaw(ctx: Context, method: string, path: string, options: RequestOptions = {}): Promise<TransportAnswer> {
    const request = this.requestFor(method, path, options);
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.attempt(ctx, request);
      const delay = attempt < MOST_RETRIES ? retryDelay(answer) : undefined;
      if (delay === undefined) return answer;
      await answer.text();
      await sleep(ctx, delay);
    }
  }

  /** A kept-alive connection may have been closed at the other end just now: what only reads is sent once more. */
  private async attempt(ctx: Context, request: TransportRequest): Promise<TransportAnswer> {
    try {
      return await this.transport.send(ctx, request);
    } catch (error) {
      const again = error instanceof TransportError && request.method === 'GET' && !request.streaming;
      if (!again || ctx.signal.aborted) throw error;
      return this.transport.send(ctx, request);
    }
  }

  close(): Promise<void> {
    return this.transport.close();
  }

  private requestFor(method: string, path: string, options: RequestOptions): TransportRequest {
    const { body, contentType = 'application/json', accept = 'application/json', streaming = false } = options;
    return {
      method,
      path: `${this.prefix}${path}`,
      headers: { ...this.headers, accept, ...(body !== undefined && { 'content-type': contentType }) },
      body,
      streaming,
    };
  }
}

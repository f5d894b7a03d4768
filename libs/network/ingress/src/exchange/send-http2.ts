import { type ClientHttp2Stream, constants, type IncomingHttpHeaders } from 'node:http2';
import { whenNothingIsRead } from '@binnacle/process-connections';
import type { Connections } from '../upstream/connections.js';
import { byName, ClientLeft } from './answer.js';
import { ANSWERED, type Attempt, type Ending } from './attempt.js';
import { passedHeaders } from './headers.js';

const NONE: ReadonlySet<string> = new Set();

/** The headers of a call, with those of HTTP/2 in the place of the host. */
function headersOf({ arrival, target, headers, wanted }: Attempt): Record<string, string | string[]> {
  const { host = arrival.authority, ...named } = byName(headers);
  return {
    ':method': arrival.method,
    ':scheme': wanted.backend.protocol === 'GRPCS' ? 'https' : 'http',
    ':authority': String(host),
    ':path': target,
    ...named,
    // Trailers are how a call says how it ended.
    te: 'trailers',
  };
}

function listOf(headers: IncomingHttpHeaders): string[] {
  const list: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) list.push(name, String(one));
  }
  return passedHeaders(list, NONE);
}

/** Passes a call's answer on to the client, and its trailers. */
class StreamRelay {
  private trailers: string[] | undefined;
  private isDone = false;

  constructor(
    private readonly attempt: Attempt,
    private readonly stream: ClientHttp2Stream,
    private readonly done: (ending: Ending) => void,
  ) {}

  begin(): void {
    const { stream, attempt } = this;
    attempt.answer.onLeft((why) => this.cancel(why));
    stream.setTimeout(attempt.timeouts.read, () => this.fail(new StreamTimeout()));
    stream.once('response', (headers, flags) => this.head(headers, flags));
    stream.on('data', (chunk: Buffer) => {
      if (!attempt.answer.write(chunk)) stream.pause();
    });
    stream.once('trailers', (headers) => {
      this.trailers = listOf(headers);
    });
    stream.once('end', () => this.end());
    stream.on('error', (error) => this.fail(error));
    stream.once('close', () => this.fail(new Error(`the stream was closed (${stream.rstCode})`)));
    if (attempt.body) attempt.body.pipe(stream);
  }

  private head(headers: IncomingHttpHeaders & { readonly ':status'?: number }, flags: number): void {
    const { answer, finish } = this.attempt;
    const isAll = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    answer.onDrained(() => this.stream.resume());
    answer.begin(Number(headers[':status']), finish(listOf(headers)), isAll);
  }

  private end(): void {
    if (this.stream.rstCode !== constants.NGHTTP2_NO_ERROR || !this.attempt.answer.hasBegun) return;
    this.attempt.answer.end(this.trailers);
    this.finish(ANSWERED);
  }

  private fail(error: Error): void {
    if (this.isDone) return;
    const { answer } = this.attempt;
    this.reset();
    if (answer.hasBegun) answer.breakOff();
    // A stream that the endpoint did not take was never looked at.
    const wasSent = this.stream.rstCode !== constants.NGHTTP2_REFUSED_STREAM;
    this.finish(answer.hasBegun ? ANSWERED : { kind: 'failed', error, wasSent });
  }

  private cancel(why: Error): void {
    if (this.isDone) return;
    this.reset();
    if (this.attempt.answer.hasBegun) this.attempt.answer.breakOff();
    this.finish({ kind: 'failed', error: why, wasSent: true });
  }

  private reset(): void {
    const { stream } = this;
    // A stream that is closed says first that what was sent is whole.
    whenNothingIsRead(() => {
      if (!stream.closed && !stream.destroyed) stream.destroy(new ClientLeft());
    });
  }

  private finish(ending: Ending): void {
    if (this.isDone) return;
    this.isDone = true;
    this.done(ending);
  }
}

/** Nothing came over a stream for too long. */
export class StreamTimeout extends Error {
  constructor() {
    super('no answer in time');
  }
}

/** Asks an endpoint over HTTP/2, as gRPC does. */
export async function sendHttp2(attempt: Attempt, connections: Connections): Promise<Ending> {
  let stream: ClientHttp2Stream;
  try {
    stream = await connections.toHttp2(attempt.wanted).open(headersOf(attempt), !attempt.body);
  } catch (error) {
    return { kind: 'failed', error: error as Error, wasSent: false };
  }
  return await new Promise((resolve) => new StreamRelay(attempt, stream, resolve).begin());
}

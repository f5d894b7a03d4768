import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import { whenNothingIsRead } from '@binnacle/process-connections';
import type { HeaderList } from './headers.js';

export type AnyResponse = ServerResponse | Http2ServerResponse;

const nothing = (): void => undefined;

/** Nobody waits for an answer any more: its client has left. */
export class ClientLeft extends Error {
  constructor() {
    super('the client left');
  }
}

/** The answer took longer than it may. */
export class TookTooLong extends Error {
  constructor() {
    super('the request took too long');
  }
}

/** What a call of gRPC is told in the place of a status of HTTP. Behaves as grpc doc/http-grpc-status-mapping.md, but for what is ours. */
const CALL_STATUS: Readonly<Record<number, number>> = { 400: 13, 403: 7, 404: 12, 408: 4, 413: 8, 504: 4 };
const UNAVAILABLE = 14;
const isHttp2 = (response: AnyResponse): response is Http2ServerResponse => 'stream' in response;

/** Headers by name; of those that are there twice, such as cookies, all. */
export function byName(headers: HeaderList): Record<string, string | string[]> {
  const named: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (let at = 0; at + 1 < headers.length; at += 2) {
    const [name = '', value = ''] = [headers[at], headers[at + 1]];
    const known = named[name];
    if (known === undefined) named[name] = value;
    else if (typeof known === 'string') named[name] = [known, value];
    else known.push(value);
  }
  return named;
}

/** What a client is answered, over HTTP/1.1 or HTTP/2: a head once, pieces, and an end. */
export class Answer {
  status = 0;
  /** Of the body, so far. */
  bytes = 0;
  /** The connection has gone, or everything has been sent. */
  isOver = false;
  /** Everything has been written. */
  private isWhole = false;
  private whenDrained = nothing;
  private whenLeft: (why: Error) => void = nothing;
  /** Told to calls in their own way. */
  isCall = false;

  constructor(readonly response: AnyResponse) {
    response.on('drain', () => this.whenDrained());
    response.on('error', nothing);
    response.once('close', () => {
      this.isOver = true;
      // What node says of this is true also where the client has reset a stream.
      if (!this.isWhole) this.whenLeft(new ClientLeft());
    });
  }

  get hasBegun(): boolean {
    return this.status > 0;
  }

  /** Calls back where nobody waits for the end any more; the last who asks is told. */
  onLeft(callback: (why: Error) => void): void {
    this.whenLeft = callback;
    if (this.isOver) callback(new ClientLeft());
  }

  /** Nobody waits any more for what is asked for, though the client is still there. */
  abandon(why: Error): void {
    this.whenLeft(why);
  }

  onDrained(callback: () => void): void {
    this.whenDrained = callback;
  }

  /** Names in lower case. `isAll` where neither a body nor trailers follow. */
  begin(status: number, headers: string[], isAll = false): void {
    if (this.isOver || this.hasBegun) return;
    this.status = status;
    const { response } = this;
    if (!isHttp2(response)) response.writeHead(status, headers);
    // What ends with its head says so in it: gRPC tells a call that has failed at once by that.
    else if (isAll) response.stream.respond({ ':status': status, ...byName(headers) }, { endStream: true });
    else response.writeHead(status, byName(headers));
  }

  /** False where the client does not keep up: `onDrained` tells when it has. */
  write(chunk: Uint8Array): boolean {
    if (this.isOver) return true;
    this.bytes += chunk.length;
    return (this.response as ServerResponse).write(chunk);
  }

  end(trailers?: HeaderList): void {
    const { response } = this;
    if (this.isOver || this.isWhole) return;
    this.isWhole = true;
    if (trailers && trailers.length > 0) response.addTrailers(byName(trailers) as Record<string, string>);
    response.end();
  }

  /** Ends an answer that is not whole so that its client sees that. */
  breakOff(): void {
    const { response } = this;
    if (this.isWhole) return;
    if (!isHttp2(response)) return void response.destroy();
    // A stream that is closed says first that it is whole.
    whenNothingIsRead(() => response.stream.destroy(new Error('the answer is not whole')));
  }

  /** Answers in plain words. */
  say(status: number, words: string, headers: readonly (readonly [name: string, value: string])[] = []): void {
    if (this.isOver || this.hasBegun) return;
    if (this.isCall) return this.tellCall(status, words);
    const body = Buffer.from(words === '' ? '' : `${words}\n`);
    const type = body.length > 0 ? ['content-type', 'text/plain; charset=utf-8'] : [];
    const length = status === 204 ? [] : ['content-length', String(body.length)];
    this.begin(status, [...headers.flat(), ...type, ...length]);
    if (body.length > 0) this.write(body);
    this.end();
  }

  private tellCall(status: number, words: string): void {
    const code = String(CALL_STATUS[status] ?? UNAVAILABLE);
    this.begin(200, ['content-type', 'application/grpc', 'grpc-status', code, 'grpc-message', encodeURI(words)], true);
    this.end();
  }
}

import type { IncomingHttpHeaders } from 'node:http';
import type { Upgrade } from '@binnacle/process-streams';
import type { ClientCertificate } from '@binnacle/server-auth';
import type { CallerContext, RequestContext } from '@binnacle/server-registry';
import type { RequestInfo } from './request-info.js';

/** A request after routing and authentication, free of any web framework. */
export interface KnownRequest {
  readonly ctx: CallerContext;
  readonly method: string;
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body?: Buffer;
  /** Called by a stream that goes on at little cost: its first state has been told, or its reader is behind. */
  readonly initialized?: () => void;
  /**
   * Told how many bytes a long answer will have at least, before it is made. Throws TooManyRequests where too much of what was
   * made for its reader still waits to be read.
   */
  readonly willAnswer?: (bytes: number) => void;
  /** Set for what came over the wire. */
  readonly peer?: Peer;
  /** Set where another protocol was asked for: what an `UpgradeAnswer` speaks it on. */
  readonly connection?: Upgrade;
  /** Set where lists and watches across namespaces hold what its caller may see, where that is not all. */
  readonly showsVisible?: boolean;
}

/** One that its caller may make. */
export interface ApiRequest extends KnownRequest {
  readonly ctx: RequestContext;
}

/** The other end of a connection. */
export interface Peer {
  /** IP address. */
  readonly address: string;
  readonly certificate: ClientCertificate | undefined;
}

/** Where a streaming answer writes. */
export interface AnswerSink {
  /** Set where no socket is behind it, so that a write costs nothing and need not be joined with the next. */
  readonly unjoined?: boolean;
  /** Answers nothing where the client keeps up, else what resolves when it may be sent more; throws when it is gone. */
  write(chunk: Buffer | string): Promise<void> | undefined;
}

/** Several values of one name are several headers. */
export type AnswerHeaders = Readonly<Record<string, string | string[]>>;

export interface AnswerHead {
  readonly status: number;
  readonly contentType: string;
  readonly headers?: AnswerHeaders;
}

export interface BytesAnswer extends AnswerHead {
  /** The body in pieces, written one after the other. */
  readonly body: readonly (string | Buffer)[];
}

export interface StreamAnswer extends AnswerHead {
  /** Writes until it has nothing more to say; `signal` aborts when the client goes or the server stops. */
  stream(sink: AnswerSink, signal: AbortSignal): Promise<void>;
}

/** Takes the connection of the request out of HTTP's hands. */
export interface UpgradeAnswer extends AnswerHead {
  readonly status: 101;
  /** Speaks on the connection until that is over; `signal` aborts when the client goes or the server stops. */
  upgrade(signal: AbortSignal): Promise<void>;
}

export type ApiAnswer = BytesAnswer | StreamAnswer | UpgradeAnswer;

export function jsonAnswer(value: unknown, status = 200, headers: AnswerHeaders = {}): BytesAnswer {
  return { status, contentType: 'application/json', headers, body: [JSON.stringify(value)] };
}

export function textAnswer(text: string, status = 200): BytesAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body: [text] };
}

import type { IncomingHttpHeaders } from 'node:http';
import type { RequestContext } from '@binnacle/server-registry';
import type { RequestInfo } from './request-info.js';

/** A request after routing and authentication, free of any web framework. */
export interface ApiRequest {
  readonly ctx: RequestContext;
  readonly method: string;
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body?: Buffer;
}

/** Where a streaming answer writes. */
export interface AnswerSink {
  /** Answers nothing where the client keeps up, else what resolves when it may be sent more; throws when it is gone. */
  write(chunk: Buffer | string): Promise<void> | undefined;
}

interface AnswerHead {
  readonly status: number;
  readonly contentType: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface BytesAnswer extends AnswerHead {
  /** The body in pieces, written one after the other. */
  readonly body: readonly (string | Buffer)[];
}

export interface StreamAnswer extends AnswerHead {
  /** Writes until it has nothing more to say; `signal` aborts when the client goes or the server stops. */
  stream(sink: AnswerSink, signal: AbortSignal): Promise<void>;
}

export type ApiAnswer = BytesAnswer | StreamAnswer;

export function jsonAnswer(value: unknown, status = 200, headers: Record<string, string> = {}): BytesAnswer {
  return { status, contentType: 'application/json', headers, body: [JSON.stringify(value)] };
}

export function textAnswer(text: string, status = 200): BytesAnswer {
  return { status, contentType: 'text/plain; charset=utf-8', body: [text] };
}

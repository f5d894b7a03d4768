import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';
import { hostName } from '../table/host-name.js';
import type { RequestFacts } from '../table/conditions.js';
import { type RequestTarget, readTarget } from '../table/request-target.js';

export type AnyRequest = IncomingMessage | Http2ServerRequest;

/** Where a request came in. */
export interface Door {
  readonly secure: boolean;
  /** As clients see it. */
  readonly port: number;
  /** Where the same is asked for over TLS. */
  readonly securePort: number;
}

/** A request that is well formed: what it asks for, and from whom it is. */
export interface Arrival extends RequestFacts {
  readonly request: AnyRequest;
  readonly door: Door;
  readonly host: string;
  /** The host as it came, with its port. */
  readonly authority: string;
  readonly target: RequestTarget;
  /** The address of who asks. */
  readonly client: string;
  /** Names and values in turns, as they came. */
  readonly headers: readonly string[];
  /** Bytes of its body where it says so; undefined where it does not. */
  readonly bodyLength: number | undefined;
}

/** What is answered instead of being sent on. */
export interface Refusal {
  readonly status: number;
  readonly words: string;
}

/** Longer ones are nobody's; nginx has as much. */
const LONGEST_TARGET = 8_192;
const METHOD = /^[A-Z][A-Z0-9_-]{0,31}$/;
const DIGITS = /^\d{1,15}$/;

const bad = (words: string): Refusal => ({ status: 400, words });

/** Host headers as they came, and the authority of HTTP/2. */
function hostsOf(headers: readonly string[], authority: string | undefined): string[] {
  const hosts = authority === undefined ? [] : [authority];
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (headers[at]?.length === 4 && headers[at]?.toLowerCase() === 'host') hosts.push(headers[at + 1] ?? '');
  }
  return hosts;
}

/** The one host a request names; undefined where it names none, or two. */
function authorityOf(request: AnyRequest, target: RequestTarget): string | undefined {
  const { rawHeaders } = request;
  const hosts = hostsOf(
    rawHeaders,
    request.httpVersionMajor === 2 ? (request as Http2ServerRequest).authority : undefined,
  );
  const [first = ''] = hosts;
  if (hosts.some((host) => host !== first)) return undefined;
  if (request.httpVersionMajor < 2 && hosts.length > 1) return undefined;
  return target.authority ?? first;
}

function bodyLengthOf(request: AnyRequest): number | undefined {
  const { 'content-length': said, 'transfer-encoding': encoding } = request.headers;
  if (said !== undefined) return DIGITS.test(said) ? Number(said) : Number.NaN;
  if (request.httpVersionMajor === 2) return (request as Http2ServerRequest).stream.endAfterHeaders ? 0 : undefined;
  return encoding === undefined ? 0 : undefined;
}

const valueOf = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' || value === undefined ? value : value.join(', ');

const serverNameOf = (request: AnyRequest): string =>
  (request.socket as { readonly servername?: string | false | null }).servername || '';

function clientOf(request: AnyRequest): string {
  const { remoteAddress = '' } = request.socket;
  return remoteAddress.startsWith('::ffff:') ? remoteAddress.slice('::ffff:'.length) : remoteAddress;
}

/** Reads a request, or says why it is not one that can be sent on. */
export function readArrival(request: AnyRequest, door: Door): Arrival | Refusal {
  const { method = '', url = '' } = request;
  if (!METHOD.test(method) || method === 'CONNECT') return { status: 405, words: 'this method is not carried' };
  if (url.length > LONGEST_TARGET) return { status: 414, words: 'the path is too long' };
  const target = readTarget(url);
  if (!target) return bad('the path is not well formed');
  const authority = authorityOf(request, target);
  const host = authority === undefined ? undefined : hostName(authority);
  if (authority === undefined || host === undefined) return bad('the request does not name one host');
  const bodyLength = bodyLengthOf(request);
  if (Number.isNaN(bodyLength)) return bad('the length of the body is no number');
  let query: URLSearchParams | undefined;
  return {
    request,
    door,
    method,
    host,
    authority,
    target,
    path: target.path,
    serverName: serverNameOf(request),
    client: clientOf(request),
    headers: request.rawHeaders,
    bodyLength,
    header: (name) => valueOf(request.headers[name]),
    query: (name) => (query ??= new URLSearchParams(target.query)).get(name) ?? undefined,
  };
}

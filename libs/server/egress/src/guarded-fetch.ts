import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { isIP } from 'node:net';
import type { Context } from '@binnacle/machinery-context';
import { checkLiteral, guardedLookup, NoAddress } from './address.js';

/** How another server is believed, and what it is shown; PEM. */
export interface EgressTls {
  /** The system's authorities without it. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** The name its certificate must have, where that is not where it is. */
  readonly servername?: string;
  /** False where any certificate will do. */
  readonly rejectUnauthorized?: boolean;
}

/** What another server may cost us, and how it is believed. */
export interface EgressBounds {
  /** From the call to the last byte of the answer. */
  readonly milliseconds: number;
  /** Of the answer's body. */
  readonly bytes: number;
  /** PEM; the system's authorities without it. */
  readonly certificateAuthority?: string | undefined;
  readonly tls?: EgressTls;
  /** So many connections are kept open for the next questions; each has its own without it. */
  readonly connections?: number;
}

/** Part of what `fetch` is told. */
export type FetchInit = Pick<RequestInit, 'method' | 'headers' | 'body' | 'signal'>;

export type GuardedFetch = (url: string, init?: FetchInit) => Promise<Response>;

const HTTPS = 443;
/** Answers that have no body, which `Response` insists on. */
const BODILESS = [101, 204, 205, 304];

async function read(answer: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most) throw new Error(`the answer is larger than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function headersOf({ rawHeaders }: IncomingMessage): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) pairs.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return pairs;
}

/** Where a URL leads. Only HTTPS: whoever listens to anything else learns secrets and says what they like. @throws NoAddress */
function placeOf(url: URL) {
  if (url.protocol !== 'https:') throw new NoAddress(`${url.origin} is not asked: only https is`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  checkLiteral(host);
  const named = isIP(host) === 0 ? { servername: host } : {};
  return { host, port: Number(url.port || HTTPS), path: `${url.pathname}${url.search}`, ...named };
}

/** Its connections, and nobody else's: no settings of another are found again among them. */
function agentOf({ connections = 0, ...bounds }: EgressBounds): Agent | false {
  if (connections === 0) return false;
  return new Agent({ keepAlive: true, maxSockets: connections, lookup: guardedLookup, ...tlsOf(bounds) });
}

const tlsOf = ({ certificateAuthority: ca, tls }: EgressBounds): EgressTls => ({
  ...(ca !== undefined && { ca }),
  ...tls,
});

async function exchange(
  url: URL,
  init: FetchInit,
  { agent, ...bounds }: EgressBounds & { readonly agent: Agent | false },
  signal: AbortSignal,
): Promise<Response> {
  const body = init.body == null ? undefined : Buffer.from(await new Response(init.body).arrayBuffer());
  const headers: Record<string, string | number> = Object.fromEntries(new Headers(init.headers).entries());
  if (body) headers['content-length'] = body.length;
  const call = request({
    ...placeOf(url),
    method: init.method ?? 'GET',
    headers,
    signal,
    agent,
    lookup: guardedLookup,
    ...tlsOf(bounds),
  });
  call.end(body);
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  try {
    const bytes = await read(answer, bounds.bytes);
    const status = answer.statusCode ?? 0;
    return new Response(BODILESS.includes(status) ? null : new Uint8Array(bytes), {
      status,
      headers: headersOf(answer),
    });
  } catch (error) {
    answer.destroy();
    throw error;
  }
}

/**
 * A `fetch` for servers that somebody named: over TLS only, to no forbidden address, following no redirect, in bounded time and
 * size. Rejects with what went wrong.
 */
export function guardedFetch(ctx: Context, bounds: EgressBounds): GuardedFetch {
  const agent = agentOf(bounds);
  return async (url, init = {}) => {
    const late = new AbortController();
    const error = new Error(`no answer within ${bounds.milliseconds / 1000} s`);
    const cancel = ctx.clock.after(bounds.milliseconds, () => late.abort(error));
    const signals = [ctx.signal, late.signal, ...(init.signal ? [init.signal] : [])];
    try {
      return await exchange(new URL(url), init, { ...bounds, agent }, AbortSignal.any(signals));
    } catch (failure) {
      ctx.signal.throwIfAborted();
      throw late.signal.aborted ? error : failure;
    } finally {
      cancel();
    }
  };
}

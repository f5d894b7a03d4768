import { once } from 'node:events';
import { type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import type { Context } from '@binnacle/machinery-context';
import { ConfigError } from '@binnacle/process-config';

const PATIENCE_MILLISECONDS = 15_000;
const MOST_BYTES = 256 * 1024;

/** Where to ask, and how to know that it is who it should be. */
export interface ServerPlace {
  readonly server: string;
  /** PEM; the system's authorities without it. */
  readonly certificateAuthority?: string | undefined;
}

/** What a server refused, in its own words. */
export class ServerRefusal extends Error {
  constructor(
    readonly code: number,
    message: string,
    /** What it calls the cause. */
    readonly reason: string | undefined,
  ) {
    super(message);
  }
}

interface Status {
  readonly message?: string;
  readonly details?: { readonly causes?: readonly { readonly reason?: string }[] };
}

const UNKNOWN_AUTHORITY = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

function unreachable(server: string, error: NodeJS.ErrnoException): ConfigError {
  const { code = '' } = error;
  if (UNKNOWN_AUTHORITY.includes(code) || code === 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY')
    return new ConfigError(
      `nobody known vouches for ${server}; ask its operator for the authority's certificate (pki/ca.crt of the data directory) and give --certificate-authority <file>`,
      { cause: error },
    );
  const why = error.message || code || 'no answer';
  return new ConfigError(`${server} cannot be asked (${why}); look at the address, and that it runs`, { cause: error });
}

async function read(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error('its answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

async function exchange(ctx: Context, place: ServerPlace, method: string, path: string, body: unknown) {
  const url = new URL(path, place.server);
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    accept: 'application/json',
    'user-agent': 'binnacle login',
    ...(bytes && { 'content-type': 'application/json', 'content-length': bytes.length }),
  };
  const { certificateAuthority: ca } = place;
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(PATIENCE_MILLISECONDS)]);
  const options = { method, headers, signal, agent: false as const, ...(ca !== undefined && { ca }) };
  const call = url.protocol === 'https:' ? secure(url, options) : plain(url, options);
  call.end(bytes);
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, text: await read(answer) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Asks for JSON. Rejects with ServerRefusal for a refusal, with ConfigError where nobody answers. */
export async function askServer(
  ctx: Context,
  place: ServerPlace,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const { status, text } = await exchange(ctx, place, method, path, body).catch((error: Error) => {
    ctx.signal.throwIfAborted();
    throw unreachable(place.server, error);
  });
  const value = parsed(text);
  if (status === 200 || status === 201) {
    if (typeof value === 'object' && value !== null) return value;
    throw new ConfigError(`${place.server} answers, and is no Binnacle; look at the address`);
  }
  const { message, details } = (value ?? {}) as Status;
  throw new ServerRefusal(status, message ?? `${place.server} answered ${status}`, details?.causes?.[0]?.reason);
}

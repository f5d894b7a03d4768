import type { TransportAnswer, TransportRequest } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { type ApiAnswer, type KnownRequest, type ApiServerParts, parseRequestInfo } from '@binnacle/server-http';

/** Somebody of whom the cluster's authority says who it is. */
export interface Identity {
  readonly commonName: string;
  readonly organizations?: readonly string[];
}

/** Lets a request through what every request goes through, but for the socket. Rejects with what it is refused with. */
export async function serve(
  ctx: Context,
  { access, handler }: ApiServerParts,
  { method, path, headers, body }: TransportRequest,
  { commonName, organizations = [] }: Identity,
): Promise<ApiAnswer> {
  const url = new URL(path, 'https://in-process');
  const info = parseRequestInfo(method, url.pathname, url.searchParams);
  const certificate = { authorized: true, commonName, organizations };
  const user = await access.authenticate(ctx, { headers, method, cluster: info.cluster, certificate });
  const client = headers['user-agent'] ?? '';
  const request: KnownRequest = {
    ctx: { ...ctx, cluster: info.cluster, user, client, warn: () => undefined },
    method,
    info,
    query: url.searchParams,
    headers,
    ...(body !== undefined && { body: Buffer.from(body) }),
  };
  const permit = await access.authorize(request);
  return handler.handle({ ...request, ctx: { ...request.ctx, permit } });
}

/** An answer as a client's transport gives it. */
export function transported(
  { status, headers = {} }: Pick<ApiAnswer, 'status' | 'headers'>,
  chunks: () => AsyncIterable<Uint8Array>,
): TransportAnswer {
  return {
    status,
    header: (name) => headers[name]?.toString(),
    text: async () => {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks()) parts.push(chunk);
      return Buffer.concat(parts).toString('utf8');
    },
    chunks,
  };
}

/** A body that is there as a whole. */
export async function* piecesOf(body: readonly (string | Buffer)[]): AsyncGenerator<Uint8Array> {
  for (const piece of body) yield typeof piece === 'string' ? Buffer.from(piece) : piece;
}

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { certifiedCaller, type DelegatedAccess, isAdministrator } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { Proxier, TrialReport, TrialRequest } from '@binnacle/network-proxy';

/** Of one answer. Who wants more asks about less. */
const MOST_TOLD = 5_000;
/** Who asks is the API server, which asks about each thing once a second at most. */
const MOST_CLIENTS = 64;

export interface ConnectionsServerOptions {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** PEM. `ca` issues the certificates of clients that are believed. */
  readonly tls: Pick<ServerOptions, 'cert' | 'key' | 'ca'>;
  readonly access: Pick<DelegatedAccess, 'refusal'>;
  readonly connectionsIn: (cluster: string) => Proxier['connections'];
  readonly tryOut: (ctx: Context, cluster: string, request: TrialRequest) => Promise<TrialReport>;
}

interface Asked {
  readonly what: string;
  readonly cluster: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly limit: number;
  readonly trial?: TrialRequest;
}

function limitOf(text: string | null): number {
  const limit = Number(text ?? MOST_TOLD);
  return Number.isInteger(limit) && limit >= 0 ? Math.min(limit, MOST_TOLD) : MOST_TOLD;
}

/** What a path of HTTP may be made of. */
const PATH = /^\/[\u0021-\u007e]{0,1023}$/;

/** Undefined where it is not said what is to be asked. */
function trialOf(what: string, search: URLSearchParams): { readonly trial?: TrialRequest } | undefined {
  if (what !== 'try') return {};
  const [namespace, name, servicePort, path] = ['namespace', 'name', 'port', 'path'].map(
    (key) => search.get(key) ?? '',
  );
  if (!namespace || !name || !servicePort || !PATH.test(path ?? '')) return undefined;
  return { trial: { service: `${namespace}/${name}`, servicePort, path: path ?? '/' } };
}

/** `/connections/<cluster>` or `/traffic/<cluster>`, with `namespace`, `name` of a Service and `limit` as wanted; `/try/<cluster>` with its `port` and a `path`. */
function readPath(url: string): Asked | undefined {
  const { pathname, searchParams } = new URL(url, 'https://kube-proxy');
  const [, what = '', cluster = '', ...rest] = pathname.split('/');
  const trial = trialOf(what, searchParams);
  if (!['connections', 'traffic', 'try'].includes(what) || !cluster || rest.length > 0 || !trial) return undefined;
  const [namespace, name] = [searchParams.get('namespace'), searchParams.get('name')];
  return {
    what,
    cluster: decodeURIComponent(cluster),
    ...(namespace !== null && { namespace, ...(name !== null && { name }) }),
    limit: limitOf(searchParams.get('limit')),
    ...trial,
  };
}

type Answers = Pick<ConnectionsServerOptions, 'connectionsIn' | 'tryOut'>;

async function tell(
  ctx: Context,
  { what, cluster, trial, ...query }: Asked,
  { connectionsIn, tryOut }: Answers,
): Promise<object> {
  if (trial) return await tryOut(ctx, cluster, trial);
  const connections = connectionsIn(cluster);
  if (what === 'traffic') {
    const all = connections?.traffic(query) ?? [];
    return { items: all.slice(0, query.limit), remaining: Math.max(0, all.length - query.limit) };
  }
  return connections?.list(query) ?? { items: [], remaining: 0 };
}

function answer(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

async function serve(
  ctx: Context,
  request: IncomingMessage,
  response: ServerResponse,
  options: ConnectionsServerOptions,
): Promise<void> {
  const caller = certifiedCaller(request.socket as TLSSocket);
  const asked = readPath(request.url ?? '/');
  if (!isAdministrator(caller)) {
    const act = { verb: (request.method ?? '').toLowerCase(), path: `/${asked?.what ?? ''}` };
    const refused = await options.access.refusal(ctx, request.headers.authorization, act, caller);
    if (refused) return answer(response, refused.status, `${refused.message}\n`);
  }
  if (!asked) return answer(response, 404, '404 page not found\n');
  if (request.method !== 'GET') return answer(response, 405, 'Method Not Allowed\n');
  answer(response, 200, JSON.stringify(await tell(ctx, asked, options)), 'application/json');
}

/** Tells the API server what stands, what was carried and how far a request gets, until the context aborts. Answers the port. */
export async function startConnectionsServer(ctx: Context, options: ConnectionsServerOptions): Promise<number> {
  const tls: ServerOptions = { ...options.tls, requestCert: true, rejectUnauthorized: false };
  const server = createServer(tls, (request, response) => {
    serve(ctx, request, response, options).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else answer(response, error instanceof URIError ? 400 : 500, 'the request cannot be answered\n');
    });
  });
  server.maxConnections = MOST_CLIENTS;
  server.listen(options.port, options.host);
  await once(server, 'listening');
  ctx.signal.addEventListener('abort', () => server.close().closeAllConnections(), { once: true });
  return (server.address() as AddressInfo).port;
}

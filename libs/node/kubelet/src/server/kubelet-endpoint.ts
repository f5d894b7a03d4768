import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createListener, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { certifiedCaller, DelegatedAccess, isAdministrator, type Refusal } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { Upgrade } from '@binnacle/process-streams';
import type { Kubelet } from '../kubelet.js';
import { type LogRequest, serveContainerLog } from './container-logs.js';
import { HttpError } from './http-error.js';
import { measure, type MeasuredNode } from './measure.js';
import { resourceMetrics } from './resource-metrics.js';
import { statsSummary } from './stats.js';
import { refuseStream, serveStream } from './streams/serve-stream.js';
import { streamRequest } from './streams/stream-request.js';

export interface EndpointTls {
  /** Without it nobody gets through until one is given. */
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  /** Whose client certificates are believed. */
  readonly clientCa: string | Buffer;
}

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
};
const SUBRESOURCES: ReadonlyArray<readonly [path: string, subresource: string]> = [
  ['/stats', 'stats'],
  ['/metrics', 'metrics'],
  ['/logs', 'log'],
  ['/pods', 'pods'],
  ['/runningpods', 'pods'],
  ['/healthz', 'healthz'],
  ['/configz', 'configz'],
];

/** What came after the right to `nodes/proxy`, which goes on holding for it. */
const ONCE_PROXY: ReadonlySet<string> = new Set(['pods', 'healthz', 'configz']);

/** What of the Node a path is about, one of which is enough to be allowed. Behaves as kubernetes pkg/kubelet/server/auth. */
export function subresourcesOf(path: string): readonly string[] {
  const found = SUBRESOURCES.find(([start]) => path === start || path.startsWith(`${start}/`))?.[1];
  if (found === undefined) return ['proxy'];
  return ONCE_PROXY.has(found) ? [found, 'proxy'] : [found];
}

async function authorize(
  ctx: Context,
  { options }: Kubelet,
  access: DelegatedAccess,
  request: IncomingMessage,
): Promise<void> {
  const caller = certifiedCaller(request.socket as TLSSocket);
  if (isAdministrator(caller)) return;
  const { pathname } = new URL(request.url ?? '/', 'https://kubelet');
  const verb = VERBS[request.method ?? ''] ?? (request.method ?? '').toLowerCase();
  const { authorization } = request.headers;
  let refused: Refusal;
  for (const subresource of subresourcesOf(pathname)) {
    const act = { verb, node: options.node.name, subresource };
    refused = await access.refusal(ctx, authorization, act, caller);
    if (!refused) return;
  }
  if (refused) throw new HttpError(refused.status, refused.message);
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** What Pods use, in the forms in which it is asked for. */
const USAGE: Readonly<Record<string, (name: string, measured: MeasuredNode) => { type: string; text: string }>> = {
  '/stats/summary': (name, measured) => ({
    type: 'application/json',
    text: JSON.stringify(statsSummary(name, measured)),
  }),
  '/metrics/resource': (_, measured) => ({
    type: 'text/plain; version=0.0.4; charset=utf-8',
    text: resourceMetrics(measured),
  }),
};

function podList({ workers }: Kubelet): object {
  const items = workers.list().map(({ pod, status }) => ({ ...pod, status }));
  return { kind: 'PodList', apiVersion: 'v1', metadata: {}, items };
}

/** `/containerLogs/<namespace>/<pod>/<container>` */
function logRequest({ pathname, searchParams: query }: URL): LogRequest | undefined {
  const [first, namespace, pod, container, ...rest] = pathname.slice(1).split('/').map(decodeURIComponent);
  if (first !== 'containerLogs' || !namespace || !pod || !container || rest.length > 0) return undefined;
  return { namespace, pod, container, query };
}

async function route(
  ctx: Context,
  kubelet: Kubelet,
  access: DelegatedAccess,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  await authorize(ctx, kubelet, access, request);
  const url = new URL(request.url ?? '/', 'https://kubelet');
  if (streamRequest(url)) throw new HttpError(400, 'Upgrade request required');
  if (request.method !== 'GET') throw new HttpError(405, 'Method Not Allowed');
  if (url.pathname === '/healthz') return void response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  const { workers, options } = kubelet;
  const { runtime, node } = options;
  const log = logRequest(url);
  if (log) return await serveContainerLog(ctx, { workers, runtime }, log, request, response);
  if (url.pathname === '/pods' || url.pathname === '/runningpods/') return json(response, podList(kubelet));
  const usage = USAGE[url.pathname];
  if (!usage) throw new HttpError(404, '404 page not found');
  const { type, text } = usage(node.name, await measure(ctx, runtime, workers));
  response.writeHead(200, { 'content-type': type }).end(text);
}

/** Exec, attach and port-forward; nothing else here is upgraded to. */
async function routeStream(ctx: Context, kubelet: Kubelet, access: DelegatedAccess, upgrade: Upgrade): Promise<void> {
  const { request } = upgrade;
  await authorize(ctx, kubelet, access, request);
  const asked = streamRequest(new URL(request.url ?? '/', 'https://kubelet'));
  if (!asked) throw new HttpError(404, '404 page not found');
  await serveStream(ctx, { workers: kubelet.workers, runtime: kubelet.options.runtime }, asked, upgrade);
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const status = error instanceof HttpError ? error.status : error instanceof URIError ? 400 : 500;
  const text = error instanceof Error ? error.message : String(error);
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

interface NodeServer {
  serve(request: IncomingMessage, response: ServerResponse): void;
  upgrade(upgrade: Upgrade): void;
}

const addressOf = ({ localAddress, localPort }: Socket): string => `${localAddress}:${localPort}`;

/** Serves logs, Pods and usage of nodes, each at an address of its own, with one certificate. */
export class KubeletEndpoints {
  private readonly nodes = new Map<string, NodeServer>();
  private readonly server: Server;

  constructor(private readonly tls: EndpointTls) {
    const { cert, key, clientCa: ca } = tls;
    const options = { cert, key, ca, requestCert: true, rejectUnauthorized: false };
    this.server = createServer(options, (request, response) => {
      const node = this.nodes.get(addressOf(request.socket));
      if (node) node.serve(request, response);
      else response.destroy();
    });
    this.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const node = this.nodes.get(addressOf(request.socket));
      if (node) node.upgrade({ request, socket, head });
      else socket.destroy();
    });
  }

  /** Shows another certificate to who connects from now on. */
  renew({ cert, key }: Pick<EndpointTls, 'cert' | 'key'>): void {
    this.server.setSecureContext({ cert, key, ca: this.tls.clientCa });
  }

  /** Serves one node until the context aborts. Answers the port. */
  async serve(ctx: Context, kubelet: Kubelet, { host, port }: { host: string; port: number }): Promise<number> {
    const sockets = new Set<Socket>();
    const listener = createListener((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      this.server.emit('connection', socket);
    });
    listener.listen(port, host);
    await once(listener, 'listening');
    const address = listener.address() as AddressInfo;
    const place = `${address.address}:${address.port}`;
    const access = new DelegatedAccess(kubelet.options.client);
    this.nodes.set(place, {
      serve: (request, response) => {
        route(ctx, kubelet, access, request, response).catch((error: unknown) => fail(response, error));
      },
      upgrade: (upgrade) => {
        upgrade.socket.on('error', () => undefined);
        routeStream(ctx, kubelet, access, upgrade).catch((error: unknown) => refuseStream(upgrade, error));
      },
    });
    const stop = () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
      this.nodes.delete(place);
    };
    ctx.signal.addEventListener('abort', stop, { once: true });
    if (ctx.signal.aborted) stop();
    return address.port;
  }
}

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { TLSSocket } from 'node:tls';
import type { Context } from '@binnacle/machinery-context';
import type { Kubelet } from '../kubelet.js';
import { type LogRequest, serveContainerLog } from './container-logs.js';
import { HttpError } from './http-error.js';
import { statsSummary } from './stats.js';

export interface EndpointOptions {
  readonly host: string;
  readonly port: number;
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
  /** Whose client certificates are believed. */
  readonly clientCa: string | Buffer;
}

const API_SERVER_USER = 'kube-apiserver-kubelet-client';
const ADMINISTRATORS = 'system:masters';

const listOf = (value: string | string[] | undefined): string[] => (value === undefined ? [] : [value].flat());

/** Only the API server and administrators may look inside a node. */
function authorize(request: IncomingMessage): void {
  const socket = request.socket as TLSSocket;
  if (!socket.authorized) throw new HttpError(401, 'Unauthorized');
  const { CN, O } = socket.getPeerCertificate().subject;
  const allowed = listOf(O).includes(ADMINISTRATORS) || listOf(CN).includes(API_SERVER_USER);
  if (!allowed)
    throw new HttpError(403, `Forbidden (user=${CN}, verb=${request.method?.toLowerCase()}, resource=nodes)`);
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

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
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'https://kubelet');
  if (url.pathname === '/healthz') return void response.writeHead(200, { 'content-type': 'text/plain' }).end('ok');
  authorize(request);
  if (request.method !== 'GET') throw new HttpError(405, 'Method Not Allowed');
  const { workers, options } = kubelet;
  const { runtime, node } = options;
  const log = logRequest(url);
  if (log) return await serveContainerLog(ctx, { workers, runtime }, log, request, response);
  if (url.pathname === '/pods' || url.pathname === '/runningpods/') return json(response, podList(kubelet));
  if (url.pathname !== '/stats/summary') throw new HttpError(404, '404 page not found');
  json(response, await statsSummary(ctx, node.name, runtime, workers));
}

function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const status = error instanceof HttpError ? error.status : error instanceof URIError ? 400 : 500;
  const text = error instanceof Error ? error.message : String(error);
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/** Serves logs, Pods and usage of one node until the context aborts. Answers the port. */
export async function serveKubelet(ctx: Context, kubelet: Kubelet, options: EndpointOptions): Promise<number> {
  const { cert, key, clientCa: ca, host, port } = options;
  const tls = { cert, key, ca, requestCert: true, rejectUnauthorized: false };
  const server: Server = createServer(tls, (request, response) => {
    route(ctx, kubelet, request, response).catch((error: unknown) => fail(response, error));
  });
  server.listen(port, host);
  await once(server, 'listening');
  ctx.signal.addEventListener('abort', () => server.close().closeAllConnections(), { once: true });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}

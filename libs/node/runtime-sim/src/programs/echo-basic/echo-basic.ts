import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import { sleep } from '@binnacle/machinery-context';
import { goDuration } from '../agnhost/flags.js';
import { credentialsAt } from '../agnhost/tls.js';
import { clientOf } from '../client-address.js';
import { endsAfterLastCalls, SharedHttpServer } from '../http.js';
import type { Process, Program } from '../program.js';
import { assertionsOf, DEFAULT_HTTP_PORT, wantedHeaders } from './asked.js';
import { echoGrpc } from './grpc.js';
import { SharedH2cServer } from './h2c.js';
import { echoMessages } from './messages.js';

type Request = IncomingMessage | Http2ServerRequest;
type Response = ServerResponse | Http2ServerResponse;

const [DEFAULT_H2C_PORT, DEFAULT_HTTPS_PORT] = [3001, 8443];
const LARGEST_PORT = 65_535;
const LONGEST_DELAY_MILLISECONDS = 3_600_000;

function end(response: Response, status: number, body = ''): void {
  response.statusCode = status;
  // Each has this signature, but their union has none.
  (response as ServerResponse).end(body);
}

function endJson(response: Response, status: number, body: object): void {
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  end(response, status, JSON.stringify(body, null, 1));
}

/** `?delay=` of a path, in milliseconds; undefined for what is none. */
function delayOf(url: string): number | undefined {
  const text = new URLSearchParams(url.split('?')[1] ?? '').get('delay');
  const milliseconds = text ? goDuration(text) : 0;
  return milliseconds === undefined ? undefined : Math.min(milliseconds, LONGEST_DELAY_MILLISECONDS);
}

async function echo(process: Process, request: Request, response: Response): Promise<void> {
  const { url = '/', socket } = request;
  process.log('stdout', `Echoing back request made to ${url} to client (${clientOf(socket)})\n`);
  const delay = delayOf(url);
  if (delay === undefined) return endJson(response, 500, { message: 'time: invalid duration' });
  if (delay > 0) await sleep(process.ctx, delay);
  for (const [name, value] of wantedHeaders(request)) response.setHeader(name, value);
  endJson(response, 200, assertionsOf(process, request));
}

/** `/status/<code>`; what Node could not answer with is refused. */
function statusOf(url: string): number {
  const [, code] = /^\/status\/([2-9]\d\d)$/.exec(url) ?? [];
  return code ? Number(code) : 400;
}

async function respond(process: Process, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { url = '/' } = request;
  const [path = ''] = url.replaceAll('//', '/').split('?');
  if (path === '/health') return end(response, 200, 'OK');
  if (path.startsWith('/status/')) return end(response, statusOf(url));
  await echo(process, request, response);
}

const http = new SharedHttpServer((process, request, response) => {
  respond(process, request, response).catch(() => response.destroy());
}, echoMessages);

const h2c = new SharedH2cServer((process, request, response) => {
  echo(process, request, response).catch(() => setImmediate(() => response.destroy()));
});

function portOf({ config }: Process, name: string, usual: number): number {
  const port = Number(config.env[name] || usual);
  if (Number.isInteger(port) && port > 0 && port <= LARGEST_PORT) return port;
  throw new Error(`Failed to start listening: ${name} is no port: ${config.env[name]}`);
}

const started = (process: Process, port: number, protocol: string) =>
  process.log('stdout', `Starting server, listening on port ${port} (${protocol})\n`);

async function listenTls(process: Process): Promise<void> {
  const { TLS_SERVER_CERT: certificate, TLS_SERVER_PRIVKEY: key } = process.config.env;
  if (!certificate || !key) return;
  const [port, credentials] = [
    portOf(process, 'HTTPS_PORT', DEFAULT_HTTPS_PORT),
    await credentialsAt(process, certificate, key),
  ];
  await process.listenTcp(port, (socket) => http.accept(process, socket, credentials));
  started(process, port, 'https');
}

/** The server of the Gateway API's conformance suite: it answers what it was asked, over HTTP/1.1, HTTP/2 in the clear, TLS or gRPC. */
export const echoBasic: Program = async (process) => {
  if (process.config.env['GRPC_ECHO_SERVER'])
    return await echoGrpc(process, portOf(process, 'HTTP_PORT', DEFAULT_HTTP_PORT));
  const [plain, clear] = [
    portOf(process, 'HTTP_PORT', DEFAULT_HTTP_PORT),
    portOf(process, 'H2C_PORT', DEFAULT_H2C_PORT),
  ];
  await process.listenTcp(plain, (socket) => http.accept(process, socket));
  started(process, plain, 'http');
  await process.listenTcp(clear, (socket) => h2c.accept(process, socket));
  started(process, clear, 'h2c');
  await listenTls(process);
  return endsAfterLastCalls(process);
};

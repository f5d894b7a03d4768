import { createServer, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';
import { SharedHttpServer } from '../http.js';
import type { Process } from '../program.js';
import type { Flags } from './flags.js';
import { endsAtOnce, type Subcommand } from './process.js';

const [SERVING, NOT_SERVING] = [1, 2];
const [OK, NOT_FOUND] = [0, 5];
const FRAME_HEADER = 5;
/** Of a request: longer than any service's name. */
const LONGEST_REQUEST = 4096;

interface Health {
  readonly started: number;
  readonly service: string;
  readonly delaySeconds: number;
  /** What somebody said it is. */
  readonly forced?: boolean;
}

const healths = new WeakMap<Process, Health>();

/** The service named in a framed HealthCheckRequest. */
export function serviceOf(frame: Buffer): string {
  const length = frame[FRAME_HEADER + 1] ?? 0;
  return frame.subarray(FRAME_HEADER + 2, FRAME_HEADER + 2 + length).toString();
}

function statusOf(health: Health, now: number): number {
  const late = health.delaySeconds >= 0 && now - health.started >= health.delaySeconds * 1000;
  return health.forced === false || late ? NOT_SERVING : SERVING;
}

/** Not while something is read of the connection: Node 20 frees there what it goes on to read. */
const destroyLater = (what: { destroy(): unknown }): void => void setImmediate(() => what.destroy());

function respond(process: Process, stream: ServerHttp2Stream, frame: Buffer): void {
  if (stream.destroyed || stream.closed) return;
  const health = healths.get(process);
  const known = health !== undefined && serviceOf(frame) === health.service;
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.once('wantTrailers', () => stream.sendTrailers({ 'grpc-status': String(known ? OK : NOT_FOUND) }));
  if (!known) return void stream.end();
  const message = Buffer.from([0x08, statusOf(health, process.ctx.clock.now())]);
  stream.end(Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]));
}

const owners = new WeakMap<object, Process>();

function accept(process: Process, stream: ServerHttp2Stream): void {
  let frame = Buffer.alloc(0);
  stream.on('error', () => destroyLater(stream));
  stream.on('data', (chunk: Buffer) => {
    if (frame.length > LONGEST_REQUEST) return;
    frame = Buffer.concat([frame, chunk]);
    if (frame.length > LONGEST_REQUEST) destroyLater(stream);
  });
  stream.once('end', () => respond(process, stream, frame));
}

const grpc = createServer();
grpc.on('sessionError', () => undefined);
grpc.on('session', (session) => session.on('error', () => destroyLater(session)));
grpc.on('stream', (stream) => {
  const process = owners.get(stream.session?.socket ?? stream);
  if (process) accept(process, stream);
  else destroyLater(stream);
});

function acceptGrpc(process: Process, socket: Socket): void {
  grpc.once('session', (session) => owners.set(session.socket, process));
  grpc.emit('connection', socket);
}

const PAGES: Readonly<Record<string, boolean>> = { '/make-not-serving': false, '/make-serving': true };

const control = new SharedHttpServer((process, { url = '/' }, response) => {
  const health = healths.get(process);
  const forced = Object.hasOwn(PAGES, url) ? PAGES[url] : undefined;
  if (!health || forced === undefined) return void response.writeHead(404).end('404 page not found\n');
  healths.set(process, { ...health, forced });
  response.end(`${(process.ctx.clock.now() - health.started) / 1000}s`);
});

function healthOf(process: Process, flags: Flags): Health {
  const delaySeconds = flags.number('delay-unhealthy-sec', -1);
  return { started: process.ctx.clock.now(), service: flags.text('service'), delaySeconds };
}

/** Answers gRPC's health checks, and by HTTP is told what to answer. */
export const grpcHealthChecking: Subcommand = async (process, flags) => {
  healths.set(process, healthOf(process, flags));
  await process.listenTcp(flags.number('http-port', 8080), (socket) => control.accept(process, socket));
  await process.listenTcp(flags.number('port', 5000), (socket) => acceptGrpc(process, socket));
  return endsAtOnce(process);
};

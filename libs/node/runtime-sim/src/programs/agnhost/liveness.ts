import { SharedHttpServer } from '../http.js';
import { endsAtOnce, type Subcommand } from './process.js';
import type { Process } from '../program.js';

const PORT = 8080;
const HEALTHY_MILLISECONDS = 10_000;
const started = new WeakMap<Process, number>();

const server = new SharedHttpServer((process, request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://pod');
  const age = process.ctx.clock.now() - (started.get(process) ?? 0);
  if (pathname === '/started') return void response.end(`${age / 1000}s`);
  if (pathname === '/redirect') return void response.writeHead(302, { location: searchParams.get('loc') ?? '' }).end();
  if (pathname !== '/healthz') return void response.writeHead(404).end('404 page not found\n');
  const isHealthy = age <= HEALTHY_MILLISECONDS;
  return void response.writeHead(isHealthy ? 200 : 500).end(isHealthy ? 'ok' : `error: ${age / 1000}`);
});

/** Healthy for ten seconds, and never again. */
export const liveness: Subcommand = async (process) => {
  started.set(process, process.ctx.clock.now());
  await process.listenTcp(PORT, (socket) => server.accept(process, socket));
  return endsAtOnce(process);
};

import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from '@binnacle/machinery-context';

/** Named checks; a check that throws or answers false is failing. */
export type HealthChecks = Readonly<Record<string, () => boolean | Promise<boolean>>>;

export interface HealthServerOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host?: string;
  readonly checks: HealthChecks;
  /** The body of `/metrics`, in Prometheus text format. */
  readonly metrics?: () => Promise<string>;
}

async function failing(checks: HealthChecks): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const passed = await Promise.resolve()
        .then(check)
        .catch(() => false);
      return passed ? undefined : name;
    }),
  );
  return results.filter((name) => name !== undefined);
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}

async function serve(path: string, options: HealthServerOptions, response: ServerResponse): Promise<void> {
  if (path === '/metrics' && options.metrics) return answer(response, 200, await options.metrics());
  if (!['/healthz', '/livez', '/readyz'].includes(path)) return answer(response, 404, 'not found\n');
  const failed = await failing(options.checks);
  answer(response, failed.length ? 500 : 200, failed.length ? `failing: ${failed.join(', ')}\n` : 'ok');
}

/** Serves `/healthz`, `/livez`, `/readyz` and `/metrics` on loopback until the context aborts. Answers the port. */
export async function startHealthServer(ctx: Context, options: HealthServerOptions): Promise<number> {
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    serve(path, options, response).catch((error: unknown) => answer(response, 500, String(error)));
  });
  server.listen(options.port, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  ctx.signal.addEventListener('abort', () => server.close().closeAllConnections(), { once: true });
  return (server.address() as AddressInfo).port;
}

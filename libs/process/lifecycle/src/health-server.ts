import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from '@binnacle/machinery-context';

/** Named checks; a check that throws or answers false is failing. */
export type HealthChecks = Readonly<Record<string, () => boolean | Promise<boolean>>>;

export interface HealthServerOptions {
  /** 0 picks a free port. */
  readonly port: number;
  readonly host?: string;
  readonly checks: HealthChecks;
  /** What has to hold besides for `/readyz`. */
  readonly ready?: HealthChecks;
  /** The body of `/metrics`, in Prometheus text format. */
  readonly metrics?: () => Promise<string>;
  /** Who may read everything but health. Without it nobody may. */
  readonly refusal?: Refuse;
  /** What a path of health answers in place of the checks; undefined for one that answers them. */
  readonly report?: (path: string) => HealthReport | undefined;
  /** Texts at other paths, for who may read them. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** 200 or 503, with a JSON body. */
export interface HealthReport {
  readonly healthy: boolean;
  readonly body: object;
}

/** Says why a request is refused; undefined where it is not. */
export type Refuse = (
  ctx: Context,
  authorization: string | undefined,
  act: { readonly verb: string; readonly path: string },
) => Promise<{ readonly status: number; readonly message: string } | undefined>;

const HEALTH = ['/healthz', '/livez', '/readyz'];
const nobody: Refuse = async () => ({ status: 401, message: 'Unauthorized' });

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

function answerReport(response: ServerResponse, { healthy, body }: HealthReport): void {
  const headers = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' };
  response.writeHead(healthy ? 200 : 503, headers).end(JSON.stringify(body));
}

async function serveHealth({ checks, ready, report }: HealthServerOptions, path: string, response: ServerResponse) {
  const told = report?.(path);
  if (told) return answerReport(response, told);
  const failed = await failing(path === '/readyz' ? { ...checks, ...ready } : checks);
  answer(response, failed.length ? 500 : 200, failed.length ? `failing: ${failed.join(', ')}\n` : 'ok');
}

/** Health is for whoever asks; all else, also whether it exists, for who may. */
async function serve(
  ctx: Context,
  request: IncomingMessage,
  options: HealthServerOptions,
  response: ServerResponse,
): Promise<void> {
  const [path = '/'] = (request.url ?? '/').split('?');
  const { method = 'GET', headers } = request;
  if (HEALTH.includes(path) && ['GET', 'HEAD'].includes(method)) return await serveHealth(options, path, response);
  const act = { verb: method.toLowerCase(), path };
  const refused = await (options.refusal ?? nobody)(ctx, headers.authorization, act);
  if (refused) return answer(response, refused.status, `${refused.message}\n`);
  const text = method === 'GET' ? await textAt(options, path) : undefined;
  answer(response, text === undefined ? 404 : 200, text ?? '404 page not found\n');
}

async function textAt({ metrics, texts }: HealthServerOptions, path: string): Promise<string | undefined> {
  return path === '/metrics' ? await metrics?.() : texts?.[path];
}

/**
 * Serves `/healthz`, `/livez` and `/readyz` on loopback until the context aborts, and `/metrics` to who may read them.
 * Answers the port.
 */
export async function startHealthServer(ctx: Context, options: HealthServerOptions): Promise<number> {
  const server: Server = createServer((request, response) => {
    serve(ctx, request, options, response).catch((error: unknown) => {
      ctx.logger.warn('a request could not be answered', { path: request.url, error });
      if (response.headersSent) response.destroy();
      else answer(response, 500, 'internal error\n');
    });
  });
  server.listen(options.port, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  ctx.signal.addEventListener('abort', () => server.close().closeAllConnections(), { once: true });
  return (server.address() as AddressInfo).port;
}

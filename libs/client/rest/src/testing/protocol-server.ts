import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type KubeObject, StatusError } from '@binnacle/machinery-meta';
import { MemoryApi } from './memory-api.js';

/** Answers true when it has dealt with the request itself, for example to fail it. */
export type Intercept = (request: IncomingMessage, response: ServerResponse) => boolean;

interface Target {
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
}

const PATH =
  /^(?:\/clusters\/[^/]+)?\/(?:api|apis\/[^/]+)\/[^/]+(?:\/namespaces\/([^/]+)(?=\/))?\/([^/]+)(?:\/([^/]+))?(?:\/[^/]+)?$/;

function targetOf(path: string): Target {
  const match = PATH.exec(path);
  if (!match?.[2]) throw new StatusError(404, 'NotFound', `the server could not find ${path}`);
  return { namespace: match[1], resource: match[2], name: match[3] };
}

async function bodyOf(request: IncomingMessage): Promise<KubeObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as KubeObject;
}

/** Speaks the Kubernetes protocol over a MemoryApi, for tests of clients that cannot yet, or need not, use the real server. */
export class ProtocolServer {
  readonly api = new MemoryApi();
  readonly seen: string[] = [];
  intercept: Intercept = () => false;
  private server: Server | undefined;
  private port = 0;

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts, or starts again on the same port. */
  async start(): Promise<void> {
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
  }

  /** Stops as a killed process does: every connection breaks. */
  async stop(): Promise<void> {
    const server = this.server;
    if (!server) return;
    this.server = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.seen.push(`${request.method} ${request.url}`);
    if (this.intercept(request, response)) return;
    try {
      await this.answer(request, response);
    } catch (error) {
      const status = error instanceof StatusError ? error.toStatus() : { code: 500, message: String(error) };
      if (!response.headersSent) response.writeHead(status.code ?? 500, { 'content-type': 'application/json' });
      response.end(JSON.stringify(status));
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const target = targetOf(url.pathname);
    if (url.searchParams.get('watch')) return this.watch(target, url, response);
    const result = this.act(request.method ?? 'GET', target, await bodyOf(request));
    response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(result));
  }

  private act(method: string, { resource, namespace, name }: Target, body: KubeObject): unknown {
    const key = namespace ? `${namespace}/${name}` : (name ?? '');
    if (method === 'POST') return this.api.create(resource, { ...body, metadata: { ...body.metadata, namespace } });
    if (method === 'PUT') return this.api.update(resource, key, body);
    if (method === 'DELETE') return this.api.delete(resource, key);
    if (method === 'PATCH') return this.api.update(resource, key, mergeTop(this.api.get(resource, key), body));
    if (name) return this.api.get(resource, key);
    const items = this.api.list(resource).filter((item) => !namespace || item.metadata.namespace === namespace);
    return { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: String(this.api.revision) }, items };
  }

  private watch({ resource, namespace }: Target, url: URL, response: ServerResponse): void {
    const since = Number(url.searchParams.get('resourceVersion') ?? 0);
    const send = (event: unknown) => response.write(`${JSON.stringify(event)}\n`);
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    try {
      const stop = this.api.watch(resource, since, (event) => {
        if (!namespace || event.object.metadata.namespace === namespace) send(event);
      });
      response.on('close', stop);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      send({ type: 'ERROR', object: error.toStatus() });
      response.end();
    }
  }
}

/** A merge patch of the top-level fields: all that these tests send. */
function mergeTop(object: KubeObject, patch: object): KubeObject {
  return { ...object, ...patch };
}

export async function startProtocolServer(): Promise<ProtocolServer> {
  const server = new ProtocolServer();
  await server.start();
  return server;
}

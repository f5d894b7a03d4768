import type { IncomingMessage, ServerResponse } from 'node:http';
import { clusterAddress } from './client-address.js';
import { endsAfterLastCalls, SharedHttpServer, tcpPorts } from './http.js';
import type { Process, Program } from './program.js';
import { hasMountedPages, mountedPage } from './static-files.js';

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function page({ identity }: Process): string {
  const { pod, namespace, node, image } = identity;
  const name = escape(image.split('/').at(-1)?.split(':')[0] ?? 'the web');
  return [
    '<!DOCTYPE html>',
    `<html><head><title>Welcome to ${name}!</title></head><body>`,
    `<h1>Welcome to ${name}!</h1>`,
    '<p>If you see this page, the web server is running. Further configuration is required.</p>',
    `<p>Served by Pod ${namespace}/${pod} on Node ${node}.</p>`,
    '</body></html>\n',
  ].join('\n');
}

const NOT_FOUND = '<html><body><h1>404 Not Found</h1></body></html>\n';

async function pageAt(process: Process, path: string): Promise<Buffer | string | undefined> {
  const { mounts } = process.config;
  if (hasMountedPages(mounts)) return await mountedPage(mounts, path);
  return path === '/' || path === '/index.html' ? page(process) : undefined;
}

async function serve(process: Process, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', headers, socket } = request;
  const found = await pageAt(process, url.split('?')[0] ?? '/');
  const body = found ?? NOT_FOUND;
  const status = found === undefined ? 404 : 200;
  const time = new Date(process.ctx.clock.now()).toISOString();
  const agent = headers['user-agent'] ?? '-';
  process.log(
    'stdout',
    `${clusterAddress(socket.remoteAddress ?? '')} - - [${time}] "${method} ${url} HTTP/1.1" ${status} ${body.length} "-" "${agent}"\n`,
  );
  response.writeHead(status, { 'content-type': 'text/html', server: 'binnacle-simulated' });
  response.end(method === 'HEAD' ? undefined : body);
}

const server = new SharedHttpServer((process, request, response) => {
  serve(process, request, response).catch(() => response.destroy());
});

/** A web server with its welcome page, as nginx and httpd come. */
export const welcome =
  (ports: readonly number[]): Program =>
  async (process) => {
    for (const port of tcpPorts(process, ports)) {
      await process.listenTcp(port, (socket) => server.accept(process, socket));
    }
    process.log('stderr', 'ready to serve\n');
    return endsAfterLastCalls(process);
  };

import { SharedHttpServer, tcpPorts } from './http.js';
import type { Process, Program } from './program.js';

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

const server = new SharedHttpServer((process, request, response) => {
  const { method = 'GET', url = '/', headers } = request;
  const found = url === '/' || url.startsWith('/index.html') || url.startsWith('/?');
  const body = found ? page(process) : '<html><body><h1>404 Not Found</h1></body></html>\n';
  const agent = headers['user-agent'] ?? '-';
  const time = new Date(process.ctx.clock.now()).toISOString();
  process.log(
    'stdout',
    `${request.socket.remoteAddress} - - [${time}] "${method} ${url} HTTP/1.1" ${found ? 200 : 404} ${body.length} "-" "${agent}"\n`,
  );
  response.writeHead(found ? 200 : 404, { 'content-type': 'text/html', server: 'binnacle-simulated' });
  response.end(method === 'HEAD' ? undefined : body);
});

/** A web server with its welcome page, as nginx and httpd come. */
export const welcome =
  (ports: readonly number[]): Program =>
  async (process) => {
    for (const port of tcpPorts(process, ports)) {
      await process.listenTcp(port, (socket) => server.accept(process, socket));
    }
    process.log('stderr', 'ready to serve\n');
    return { signalled: () => process.exit(0) };
  };

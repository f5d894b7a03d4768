import { Agent as HttpAgent, type IncomingMessage, ServerResponse } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { loadKubeconfigFile } from '@binnacle/client-rest/kubeconfig';
import type { Logger } from '@binnacle/machinery-context';
import { createProxyServer, type ProxyServer } from 'httpxy';

type ClientConfig = ReturnType<typeof loadKubeconfigFile>;

/** What the API server answers; everything else is the dashboard's own. */
const API_PATHS = [
  'api',
  'apis',
  'openapi',
  'version',
  'auth',
  'graphql',
  'socket.io',
  'clusters',
  'livez',
  'readyz',
  'healthz',
];
const API = new RegExp(`^/(${API_PATHS.map((path) => path.replace('.', '\\.')).join('|')})(?:[/?]|$)`);
const SOCKETS = /^\/(socket\.io|graphql|api|apis|clusters)(?:[/?]|$)/;
const UPGRADE_MILLISECONDS = 10_000;

export function isApiPath(url: string): boolean {
  return API.test(url);
}

const UNAVAILABLE = JSON.stringify({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'the API server is unreachable',
  reason: 'ServiceUnavailable',
  code: 502,
});

function answerUnavailable(response: ServerResponse): void {
  if (response.headersSent) return void response.destroy();
  response
    .writeHead(502, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      // Tells the page that nothing was said by the API server itself.
      'x-binnacle-upstream': 'unavailable',
    })
    .end(UNAVAILABLE);
}

function refuseUpgrade(socket: Socket): void {
  if (socket.writable) {
    socket.end('HTTP/1.1 502 Bad Gateway\r\nx-binnacle-upstream: unavailable\r\nconnection: close\r\n\r\n');
  }
}

function createAgent({ server, ca, serverName, insecureSkipTlsVerify }: ClientConfig): HttpAgent {
  if (!server.startsWith('https:')) return new HttpAgent({ keepAlive: true });
  return new HttpsAgent({
    keepAlive: true,
    ...(ca && { ca }),
    // The reader's Host header goes through unchanged; the certificate is checked for the name in the kubeconfig.
    servername: serverName ?? '',
    rejectUnauthorized: insecureSkipTlsVerify !== true,
  });
}

/**
 * Hands requests on to the API server. It adds no identity of its own: every reader is whoever their cookie or token says, so
 * the client certificate of the kubeconfig, if there is one, is never shown.
 */
export class ApiProxy {
  private readonly agent: HttpAgent;
  private readonly proxy: ProxyServer;

  constructor(config: ClientConfig, logger: Logger) {
    this.agent = createAgent(config);
    // Watches and followed logs are silent for as long as nothing happens: no time limit on answers.
    this.proxy = createProxyServer({
      target: config.server,
      agent: this.agent,
      xfwd: true,
      proxyTimeout: 0,
      upgradeTimeout: UPGRADE_MILLISECONDS,
    });
    this.proxy.on('error', (error, request, target) => {
      logger.debug('upstream failed', { url: request?.url, error: error.message });
      if (target instanceof ServerResponse) answerUnavailable(target);
      else if (target) refuseUpgrade(target as Socket);
    });
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    void this.proxy.web(request, response);
  }

  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (!SOCKETS.test(request.url ?? '')) return void socket.destroy();
    void this.proxy.ws(request, socket, {}, head);
  }

  close(): void {
    this.agent.destroy();
  }
}

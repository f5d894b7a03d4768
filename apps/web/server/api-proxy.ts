import { X509Certificate } from 'node:crypto';
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
      'x-content-type-options': 'nosniff',
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

/** The name by which the API server knows its front door, which is nobody there. */
const FRONT_DOOR = 'CN=system:web';

/** Any other certificate would make everybody who comes through here whoever it names. */
function ownCertificate({ cert, key }: ClientConfig): { cert: string; key: string } | undefined {
  if (!cert || !key) return undefined;
  return new X509Certificate(cert).subject.split('\n').includes(FRONT_DOOR) ? { cert, key } : undefined;
}

function createAgent(config: ClientConfig): HttpAgent {
  const { server, ca, serverName, insecureSkipTlsVerify } = config;
  if (!server.startsWith('https:')) return new HttpAgent({ keepAlive: true });
  return new HttpsAgent({
    keepAlive: true,
    ...(ca && { ca }),
    ...ownCertificate(config),
    // The reader's Host header goes through unchanged; the certificate is checked for the name in the kubeconfig.
    servername: serverName ?? '',
    rejectUnauthorized: insecureSkipTlsVerify !== true,
  });
}

/**
 * What a client said of where it comes from is followed by what is seen here, which the API server believes. Where it went to is
 * what its request says, not what it claims to have said elsewhere.
 */
function noteAddress({ headers, socket }: IncomingMessage): void {
  headers['x-forwarded-host'] = headers.host ?? '';
  const said = headers['x-forwarded-for'];
  headers['x-forwarded-for'] = [...[said ?? []].flat(), socket.remoteAddress ?? ''].join(', ');
}

/**
 * Hands requests on to the API server. It adds no identity of its own: every reader is whoever their cookie or token says. A
 * certificate is shown only where it says no more than that this is the front door, so that it is believed about addresses.
 */
export class ApiProxy {
  private readonly agent: HttpAgent;
  private readonly proxy: ProxyServer;

  /** Of one client alone: it must not end the server of all. */
  private readonly failed: (error: unknown) => void;

  constructor(config: ClientConfig, logger: Logger) {
    this.failed = (error) => logger.debug('a client could not be answered', { error });
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
    noteAddress(request);
    this.proxy.web(request, response).catch(this.failed);
  }

  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (!SOCKETS.test(request.url ?? '')) return void socket.destroy();
    noteAddress(request);
    this.proxy.ws(request, socket, {}, head).catch(this.failed);
  }

  close(): void {
    this.agent.destroy();
  }
}

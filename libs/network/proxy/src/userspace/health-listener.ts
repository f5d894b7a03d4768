import { createServer, type Server, type ServerResponse } from 'node:http';
import type { WireAddress } from '@binnacle/machinery-wire';
import type { HealthSpec } from '../plan/service-plan.js';
import type { PortListener } from './port-listener.js';

/** Load balancers ask a few times a second; who opens more than this holds up nobody but others who ask the same. */
const MOST_CONNECTIONS = 64;
const LONGEST_REQUEST_MILLISECONDS = 10_000;

/** What is asked about: a Service, its endpoints behind this address, and whether the proxy works. */
export interface Checked {
  /** As `namespace/name`. */
  readonly service: string;
  readonly spec: HealthSpec;
  readonly isHealthy: boolean;
}

/** As kubernetes pkg/proxy/healthcheck writes it, tabs included. */
function bodyOf({ service, spec, isHealthy }: Checked): string {
  const [namespace = '', name = ''] = service.split('/');
  return `{
\t"service": {
\t\t"namespace": ${JSON.stringify(namespace)},
\t\t"name": ${JSON.stringify(name)}
\t},
\t"localEndpoints": ${spec.localEndpoints},
\t"serviceProxyHealthy": ${isHealthy}
}`;
}

function answer(checked: Checked, response: ServerResponse): void {
  const { localEndpoints } = checked.spec;
  const body = bodyOf(checked);
  response.writeHead(localEndpoints > 0 && checked.isHealthy ? 200 : 503, {
    'Content-Type': 'application/json',
    'X-Content-Type-Options': 'nosniff',
    'X-Load-Balancing-Endpoint-Weight': String(localEndpoints),
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}

class HealthListener implements PortListener {
  constructor(private readonly server: Server) {
    server.on('error', () => undefined);
  }

  close(): void {
    this.server.close();
    this.server.closeIdleConnections();
  }

  shutdown(): void {
    this.close();
    this.server.closeAllConnections();
  }

  onDrained(callback: () => void): void {
    this.server.once('close', callback);
  }
}

/** Answers load balancers whether this address has endpoints of a Service. Rejects with the system's error where it cannot be opened. */
export function openHealth({ host, port }: WireAddress, checked: () => Checked): Promise<PortListener> {
  return new Promise((resolve, reject) => {
    const server = createServer({ requestTimeout: LONGEST_REQUEST_MILLISECONDS }, (_request, response) =>
      answer(checked(), response),
    );
    server.maxConnections = MOST_CONNECTIONS;
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve(new HealthListener(server));
    });
  });
}

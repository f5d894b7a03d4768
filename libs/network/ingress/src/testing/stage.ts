import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { NodeMap, nodeFacts, userspaceMode } from '@binnacle/network-proxy';
import { ConnectionDoor } from '@binnacle/process-connections';
import { ExactListeners, systemClock } from '@binnacle/process-lifecycle';
import { ClusterEngine } from '../engine/cluster-engine.js';
import type { Report } from '../exchange/request-handler.js';
import type { CertificateTable } from '../front/certificates.js';
import { HostTable, INGRESS_HOSTS } from '../table/host-table.js';
import type { Route } from '../table/route.js';
import type { BackendProtocol, BackendSpec } from '../upstream/backend.js';

/** The second octet of every address in a test: odd ones, so that clusters on one machine do not meet. */
const testOctet = (): number => 201 + 2 * Math.floor(Math.random() * 27);

const mode = userspaceMode({ privileged: true });
const HTTP = 8080;

/** What an endpoint of a test was asked. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  try {
    for await (const chunk of request) body += String(chunk);
  } catch {
    // Who asks has left.
  }
  return body;
}

/** An engine over real sockets of this machine, and endpoints that it can send to. */
export class Stage {
  readonly asked: Asked[] = [];
  readonly reports: Report[] = [];
  readonly engine: ClusterEngine;
  private readonly abort = new AbortController();
  private readonly octet = testOctet();
  private readonly servers: Server[] = [];
  private readonly slices = new Map<string, EndpointSlice>();
  private readonly backends = new Map<string, BackendSpec>();
  private readonly nodes = new NodeMap(mode.clusterAddress);
  private last = 0;

  constructor(private readonly most = 1_000) {
    const ctx: Context = { clock: systemClock, logger: silentLogger, signal: this.abort.signal };
    this.nodes.set(nodeFacts(this.node(), true));
    this.engine = new ClusterEngine(
      ctx,
      {
        privileged: true,
        door: new ConnectionDoor({ inAll: 1_000, each: 1_000 }, systemClock),
        held: new ExactListeners(systemClock),
        makeId: () => 'made-id',
        report: (report) => this.reports.push(report),
        mostRequests: this.most,
      },
      (_, port, error) => {
        throw new Error(`port ${port} could not be opened`, { cause: error });
      },
    );
    const slices = (service: string) => [...this.slices].filter(([key]) => key === service).map(([, slice]) => slice);
    this.engine.look({ nodes: this.nodes, slices });
  }

  /** Where the entrance listens. */
  get host(): string {
    return `127.${this.octet}.250.1`;
  }

  get url(): string {
    return `http://${this.host}:${HTTP}`;
  }

  /** A new address of a Pod, as the cluster has it. */
  address(): string {
    this.last += 1;
    return `10.${this.octet}.1.${this.last}`;
  }

  /** A server that answers JSON of what it was asked, or as it is told, at a new Pod's address. */
  async pod(listener?: RequestListener): Promise<string> {
    const address = this.address();
    await this.listen(createServer(listener ?? this.echo(address)), address);
    return address;
  }

  /** The server of the last Pod. */
  get newest(): Server | undefined {
    return this.servers.at(-1);
  }

  async listen(server: Server, address: string): Promise<void> {
    server.listen(HTTP, address.replace(/^10\./, '127.'));
    await once(server, 'listening');
    this.servers.push(server);
  }

  /** Makes these the endpoints of a backend, and answers its id. */
  backend(service: string, addresses: readonly string[], protocol: BackendProtocol = 'HTTP'): string {
    const id = `default/${service}:80 ${protocol}`;
    this.slices.set(`default/${service}`, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: service, namespace: 'default', labels: { 'kubernetes.io/service-name': service } },
      addressType: 'IPv4',
      endpoints: addresses.map((address) => ({ addresses: [address] })),
      ports: [{ port: HTTP, protocol: 'TCP', name: '' }],
    });
    this.backends.set(id, { id, namespace: 'default', service, port: { port: 80 }, protocol });
    this.engine.want('test', new Map(this.backends));
    this.engine.endpointsChanged(`default/${service}`);
    return id;
  }

  /** Serves routes for all hosts, and waits until the port is open. */
  async serve(routes: readonly Route[], certificates?: CertificateTable): Promise<void> {
    const hosts = new HostTable([{ host: '', routes }], INGRESS_HOSTS);
    const ports = [{ port: HTTP, hosts, ...(certificates && { certificates }) }];
    this.engine.serve('test', new Map([['entrance', { address: this.host, ports }]]));
    while (this.engine.openPorts === 0) await new Promise((resolve) => setImmediate(resolve));
  }

  close(): void {
    this.engine.destroy();
    this.abort.abort(new Error('over'));
    for (const server of this.servers) {
      server.close();
      (server as Partial<Server>).closeAllConnections?.();
    }
  }

  private echo(address: string): RequestListener {
    return async (request, response) => {
      const { method = '', url = '', headers } = request;
      const asked = { method, url, headers, body: await bodyOf(request) };
      this.asked.push(asked);
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ pod: address, ...asked }));
    };
  }

  private node(): Node {
    return {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'worker-1', annotations: { 'binnacle.dev/wire': 'loopback' } },
      spec: { podCIDR: `10.${this.octet}.1.0/24` },
      status: { addresses: [], conditions: [{ type: 'Ready', status: 'True' }] },
    };
  }
}

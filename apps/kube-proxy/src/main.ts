import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { Clusters } from '@binnacle/client-clusters';
import { runLeading } from '@binnacle/client-leader-election';
import { createKubeClient, DelegatedAccess, loadKubeconfigFile } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import {
  type EndpointLimits,
  ProxyHealth,
  ProxyMetrics,
  type ProxyOptions,
  userspaceMode,
} from '@binnacle/network-proxy';
import { ConfigError, type Options } from '@binnacle/process-config';
import { startHealthServer } from '@binnacle/process-lifecycle';
import { startProgram } from '@binnacle/process-program';
import { createMetrics, Gauge, type MetricsRegistry, reportClusters } from '@binnacle/process-telemetry';
import { apiServerAt } from './api-server-at.js';
import { ClusterProxies } from './cluster-proxies.js';
import { type ConnectionsServerOptions, startConnectionsServer } from './connections-server.js';
import { externalInMain } from './external-addresses.js';
import { healthReports } from './health.js';
import { machineAddresses } from './machine-addresses.js';
import { optionSpecs, PROGRAM } from './options.js';

type ProxyFlags = Options<typeof optionSpecs>;

const listOf = (text: string): string[] => text.split(',').filter(Boolean);

function limitsOf(options: ProxyFlags): EndpointLimits {
  return {
    clusterCidr: options['cluster-cidr'],
    openEndpoints: listOf(options['open-endpoints']),
    isApiServer: apiServerAt(loadKubeconfigFile(options.kubeconfig).server),
  };
}

function proxyOptions(options: ProxyFlags, telemetry: ProxyOptions['telemetry'] & object): ProxyOptions {
  const nodePortAddresses = listOf(options['node-port-addresses']);
  return {
    mode: userspaceMode({ privileged: process.getuid?.() === 0 }),
    nodePortAddresses,
    telemetry,
    limits: limitsOf(options),
    // Only on request is anything reachable from beyond this machine.
    machineAddresses: nodePortAddresses.length ? machineAddresses() : [],
    mayBeExternal: externalInMain({
      externalCidrs: listOf(options['external-cidr']),
      taken: listOf(`${options['cluster-cidr']},${options['service-cluster-ip-range']}`),
      ofMachine: machineAddresses,
    }),
  };
}

function reportProxies(registry: MetricsRegistry, proxies: ClusterProxies): void {
  const gauges = [
    ['kubeproxy_open_ports', 'Sockets held open for Services.', () => proxies.openPorts],
    ['binnacle_proxy_connections', 'Connections and sessions that stand.', () => proxies.standing],
  ] as const;
  for (const [name, help, value] of gauges) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  }
}

/** @throws ConfigError */
function tlsOf(options: ProxyFlags): ConnectionsServerOptions['tls'] {
  const read = (name: 'tls-cert-file' | 'tls-private-key-file' | 'client-ca-file') => {
    if (!options[name]) throw new ConfigError(`--${name} is required with --secure-port`);
    return readFileSync(options[name]);
  };
  return { cert: read('tls-cert-file'), key: read('tls-private-key-file'), ca: read('client-ca-file') };
}

async function main(ctx: Context, options: ProxyFlags): Promise<void> {
  const client = createKubeClient({ ...loadKubeconfigFile(options.kubeconfig), userAgent: PROGRAM });
  const registry = createMetrics(PROGRAM);
  const clusters = new Clusters(client, { idleAfter: options['cluster-idle-after'] * 1000 });
  const telemetry = { metrics: new ProxyMetrics(registry), health: new ProxyHealth() };
  const source = { component: PROGRAM, host: hostname() };
  const proxies = new ClusterProxies(proxyOptions(options, telemetry), source);
  reportClusters(registry, clusters);
  reportProxies(registry, proxies);
  const name = options['hostname-override'];
  const ownNode = name ? { ownNode: () => proxies.node(name) } : {};
  const port = options['healthz-port'] ?? options['health-port'];
  const access = new DelegatedAccess(client);
  await startHealthServer(ctx, {
    port,
    checks: {},
    report: healthReports({ clock: ctx.clock, ...telemetry, ...ownNode }),
    texts: { '/proxyMode': 'userspace' },
    metrics: () => registry.metrics(),
    refusal: (request, authorization, act) => access.refusal(request, authorization, act),
  });
  if (options['secure-port'] > 0) {
    await startConnectionsServer(ctx, {
      host: '127.0.0.1',
      port: options['secure-port'],
      tls: tlsOf(options),
      access,
      connectionsIn: (cluster) => proxies.connectionsIn(cluster),
      tryOut: (asked, cluster, request) => proxies.tryOut(asked, cluster, request),
    });
  }
  const lead = (leading: Context) => clusters.run(leading, proxies.settle);
  if (!options['leader-elect']) return lead(ctx);
  const identity = `${hostname()}_${randomUUID()}`;
  return runLeading(ctx, client, { name: PROGRAM, identity }, lead);
}

await startProgram({ name: PROGRAM, options: optionSpecs, run: main });

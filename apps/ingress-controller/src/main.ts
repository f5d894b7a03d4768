import { randomBytes, randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Clusters } from '@binnacle/client-clusters';
import { runLeading } from '@binnacle/client-leader-election';
import { createKubeClient, DelegatedAccess, loadKubeconfigFile } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { EngineOptions, Report } from '@binnacle/network-ingress';
import { userspaceMode } from '@binnacle/network-proxy';
import { ConfigError, type Options } from '@binnacle/process-config';
import { ConnectionDoor, connectionLimits } from '@binnacle/process-connections';
import { ExactListeners, startHealthServer } from '@binnacle/process-lifecycle';
import { startProgram } from '@binnacle/process-program';
import { createMetrics, Gauge, type MetricsRegistry, reportClusters } from '@binnacle/process-telemetry';
import { accessLog } from './access-log.js';
import { ClusterIngresses, type ClusterIngressOptions } from './cluster-ingresses.js';
import { fallbackCertificate } from './fallback-certificate.js';
import { optionSpecs, PROGRAM } from './options.js';
import { requestMetrics } from './request-metrics.js';

type Flags = Options<typeof optionSpecs>;

/** Each client may have an endpoint as well, and both want an open file. */
const PART_OF_CLIENTS = 0.5;

function serviceName(text: string): ClusterIngressOptions['service'] {
  const [namespace, name, more] = text.split('/');
  if (namespace && name && more === undefined) return { namespace, name };
  throw new ConfigError(`--publish-service must be namespace/name, not "${text}"`);
}

function door(ctx: Context): ConnectionDoor {
  const { inAll, each } = connectionLimits();
  const part = (count: number) => Math.max(1, Math.floor(count * PART_OF_CLIENTS));
  return new ConnectionDoor({ inAll: part(inAll), each: part(each) }, ctx.clock);
}

function engineOptions(ctx: Context, flags: Flags, registry: MetricsRegistry): EngineOptions {
  const count = requestMetrics(registry);
  const log = accessLog(ctx.logger);
  return {
    privileged: process.getuid?.() === 0,
    door: door(ctx),
    held: new ExactListeners(ctx.clock),
    makeId: () => randomBytes(16).toString('hex'),
    report: (report: Report) => {
      count(report);
      if (flags['access-log']) log(report);
    },
    mostRequests: flags['max-requests'],
  };
}

async function ingressOptions(ctx: Context, flags: Flags, registry: MetricsRegistry): Promise<ClusterIngressOptions> {
  const engine = engineOptions(ctx, flags, registry);
  return {
    engine,
    mode: userspaceMode({ privileged: engine.privileged }),
    limits: {
      clusterCidr: flags['cluster-cidr'],
      openEndpoints: flags['open-endpoints'].split(',').filter(Boolean),
    },
    ours: { name: flags['ingress-class'], controller: flags['controller-class'] },
    service: serviceName(flags['publish-service']),
    source: { component: PROGRAM, host: hostname() },
    fallback: await fallbackCertificate(ctx.clock.now()),
  };
}

function reportCounts(registry: MetricsRegistry, ingresses: ClusterIngresses): void {
  const gauges = [
    ['binnacle_ingress_open_ports', 'Sockets that wait for clients.', 'ports'],
    ['nginx_ingress_controller_nginx_process_connections', 'Connections of clients that are open.', 'connections'],
    ['binnacle_ingress_requests_in_flight', 'Requests under way.', 'requests'],
  ] as const;
  for (const [name, help, what] of gauges) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(ingresses.counts()[what]);
      },
    });
  }
}

async function main(ctx: Context, flags: Flags): Promise<void> {
  const client = createKubeClient({ ...loadKubeconfigFile(flags.kubeconfig), userAgent: PROGRAM });
  const registry = createMetrics(PROGRAM);
  const clusters = new Clusters(client, { idleAfter: flags['cluster-idle-after'] * 1000 });
  const ingresses = new ClusterIngresses(await ingressOptions(ctx, flags, registry));
  reportClusters(registry, clusters);
  reportCounts(registry, ingresses);
  const access = new DelegatedAccess(client);
  await startHealthServer(ctx, {
    port: flags['health-port'],
    checks: {},
    metrics: () => registry.metrics(),
    refusal: (request, authorization, act) => access.refusal(request, authorization, act),
  });
  const lead = (leading: Context) => clusters.run(leading, ingresses.settle);
  if (!flags['leader-elect']) return lead(ctx);
  const identity = `${hostname()}_${randomUUID()}`;
  return runLeading(ctx, client, { name: PROGRAM, identity }, lead);
}

await startProgram({ name: PROGRAM, options: optionSpecs, run: main });

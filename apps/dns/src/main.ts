import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Clusters } from '@binnacle/client-clusters';
import { runLeading } from '@binnacle/client-leader-election';
import { createKubeClient, DelegatedAccess, loadKubeconfigFile } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import {
  AnswerCache,
  ClientBounds,
  type DnsObserver,
  type SharedDns,
  type SharedForwarding,
  WaitingBounds,
} from '@binnacle/network-dns';
import type { Options } from '@binnacle/process-config';
import { ExactListeners, startHealthServer } from '@binnacle/process-lifecycle';
import { startProgram } from '@binnacle/process-program';
import { createMetrics, reportClusters } from '@binnacle/process-telemetry';
import { ClusterServers } from './cluster-servers.js';
import { dnsMetrics, reportForwarding, reportServers } from './metrics.js';
import { optionSpecs, PROGRAM } from './options.js';
import { rangesOf, upstreamsOf } from './upstreams.js';

type DnsFlags = Options<typeof optionSpecs>;

const MEBIBYTE = 1024 * 1024;
/** Questions that wait for other servers, each with a socket: fewer than a process may have open. */
const WAITING = { perClient: 128, inAll: 2048 };

function sharedForwarding({ clock }: Context, options: DnsFlags): SharedForwarding {
  const sockets = new ExactListeners(clock);
  const limits = { mostBytes: options['cache-mebibytes'] * MEBIBYTE, longestSeconds: options['cache-seconds'] };
  return {
    upstreams: upstreamsOf(options.upstream),
    opened: rangesOf(options['open-upstreams']),
    cache: new AnswerCache(clock, limits),
    bounds: new WaitingBounds(WAITING),
    isHeld: ({ host, port }) => sockets.has('udp', host, port),
  };
}

function sharedDns(ctx: Context, options: DnsFlags, observer: DnsObserver): SharedDns {
  const bounds = { questionsPerSecond: options['client-questions'], connections: options['client-connections'] };
  return {
    ttl: options.ttl,
    privileged: process.getuid?.() === 0,
    bounds: new ClientBounds(ctx.clock, bounds),
    observer,
    source: { component: PROGRAM, host: hostname() },
    forwarding: sharedForwarding(ctx, options),
  };
}

async function main(ctx: Context, options: DnsFlags): Promise<void> {
  const client = createKubeClient({ ...loadKubeconfigFile(options.kubeconfig), userAgent: PROGRAM });
  const registry = createMetrics(PROGRAM);
  const clusters = new Clusters(client, { idleAfter: options['cluster-idle-after'] * 1000 });
  const shared = sharedDns(ctx, options, dnsMetrics(registry));
  const main = { podCidr: options['cluster-cidr'], serviceCidr: options['service-cluster-ip-range'] };
  const servers = new ClusterServers({ shared, main });
  reportClusters(registry, clusters);
  reportServers(registry, servers);
  reportForwarding(registry, shared.forwarding);
  const access = new DelegatedAccess(client);
  await startHealthServer(ctx, {
    port: options['health-port'],
    checks: {},
    ready: { dns: () => servers.isReady },
    metrics: () => registry.metrics(),
    refusal: (request, authorization, act) => access.refusal(request, authorization, act),
  });
  const lead = (leading: Context) => clusters.run(leading, servers.settle);
  if (!options['leader-elect']) return lead(ctx);
  const identity = `${hostname()}_${randomUUID()}`;
  return runLeading(ctx, client, { name: PROGRAM, identity }, lead);
}

await startProgram({ name: PROGRAM, options: optionSpecs, run: main });

import type { CloudInstruments } from '@binnacle/control-cloud';
import { Counter, Gauge, Histogram, type MetricsRegistry } from '@binnacle/process-telemetry';

/** Upstream's, from a second. */
const powers = (base: number, count: number): number[] => Array.from({ length: count }, (_, power) => base ** power);

/** What upstream's cloud controllers count, by its names. */
export function cloudMetrics(registry: MetricsRegistry): CloudInstruments {
  const registers = [registry];
  const counter = (name: string, help: string) => new Counter({ name, help, registers });
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers });
  const told = counter('service_controller_loadbalancer_sync_total', 'Load balancers that were told their nodes.');
  const failed = counter('service_controller_nodesync_error_total', 'Load balancers that could not be.');
  const hosts = histogram(
    'service_controller_update_loadbalancer_host_latency_seconds',
    'How long it took to tell a load balancer its nodes.',
    powers(2, 15),
  );
  const delay = (name: string, help: string) => histogram(`node_controller_${name}_seconds`, help, powers(4, 6));
  const taints = delay('cloud_provider_taint_removal_delay', 'How old nodes were that had not to wait any more.');
  const nodes = delay('initial_node_sync_delay', 'How old nodes were of which all was said.');
  const routes = counter('route_controller_route_sync_total', 'How often routes were looked at.');
  return {
    hostsUpdated: (outcome, seconds) => {
      told.inc();
      if (outcome === 'error') failed.inc();
      hosts.observe(seconds);
    },
    taintRemoved: (seconds) => taints.observe(seconds),
    nodeInitialized: (seconds) => nodes.observe(seconds),
    routesSynced: () => routes.inc(),
  };
}

/** Tells how many addresses of load balancers `main` has, and how many of those are somebody's. */
export function reportAddresses(registry: MetricsRegistry, addresses: () => { held: number; all: number }): void {
  new Gauge({
    name: 'binnacle_load_balancer_addresses',
    help: 'Addresses of load balancers of the cluster main.',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      const { held, all } = addresses();
      this.set({ state: 'held' }, held);
      this.set({ state: 'free' }, Math.max(0, all - held));
    },
  });
}

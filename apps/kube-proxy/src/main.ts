import { randomUUID } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createEventRecorder } from '@binnacle/client-controller';
import { createInformer } from '@binnacle/client-informers';
import { runLeading } from '@binnacle/client-leader-election';
import { createKubeClient, type KubeClient, loadKubeconfigFile } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { Proxier } from '@binnacle/network-proxy';
import { describeOptions, type Options, readOptions } from '@binnacle/process-config';
import { runProgram, startHealthServer } from '@binnacle/process-lifecycle';
import { createLogger, createMetrics, Gauge } from '@binnacle/process-telemetry';
import { optionSpecs, PROGRAM } from './options.js';

type ProxyFlags = Options<typeof optionSpecs>;

/** This machine's IPv4 addresses that others can reach. */
function machineAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address);
}

function createProxier(ctx: Context, client: KubeClient, options: ProxyFlags): Proxier {
  const sources = {
    services: createInformer(client.resource<Service>(refs.services)),
    slices: createInformer(client.resource<EndpointSlice>(refs.endpointslices)),
    nodes: createInformer(client.resource<Node>(refs.nodes)),
  };
  const nodePortAddresses = options['node-port-addresses'].split(',').filter(Boolean);
  return new Proxier(sources, createEventRecorder(ctx, client, { component: PROGRAM, host: hostname() }), {
    privileged: process.getuid?.() === 0,
    nodePortAddresses,
    // Only on request is anything reachable from beyond this machine.
    machineAddresses: nodePortAddresses.length ? machineAddresses() : [],
  });
}

async function main(ctx: Context, options: ProxyFlags): Promise<void> {
  const client = createKubeClient({ ...loadKubeconfigFile(options.kubeconfig), userAgent: PROGRAM });
  const registry = createMetrics(PROGRAM);
  const proxier = createProxier(ctx, client, options);
  new Gauge({
    name: 'kubeproxy_open_ports',
    help: 'Sockets held open for Services.',
    registers: [registry],
    collect() {
      this.set(proxier.openPorts);
    },
  });
  const port = options['healthz-port'] ?? options['health-port'];
  await startHealthServer(ctx, { port, checks: {}, metrics: () => registry.metrics() });
  if (!options['leader-elect']) return proxier.run(ctx);
  const identity = `${hostname()}_${randomUUID()}`;
  return runLeading(ctx, client, { name: PROGRAM, identity }, (leading) => proxier.run(leading));
}

const argv = process.argv.slice(2);
if (argv.includes('--help')) process.stdout.write(describeOptions(PROGRAM, optionSpecs));
else await runProgram(createLogger(PROGRAM), (ctx) => main(ctx, readOptions(optionSpecs, argv, process.env)));

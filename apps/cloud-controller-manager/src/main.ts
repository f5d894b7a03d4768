import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Clusters } from '@binnacle/client-clusters';
import { LeaderElector } from '@binnacle/client-leader-election';
import { createKubeClient, DelegatedAccess, loadKubeconfigFile } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { type Options, selectControllers } from '@binnacle/process-config';
import { startHealthServer } from '@binnacle/process-lifecycle';
import { startProgram } from '@binnacle/process-program';
import { createControllerMetrics, reportClusters } from '@binnacle/process-telemetry';
import { CONTROLLERS, type CloudSettings, controllersOf } from './cloud-controllers.js';
import { readLoadBalancerRanges } from './load-balancer-ranges.js';
import { optionSpecs, PROGRAM } from './options.js';

type Flags = Options<typeof optionSpecs>;

const settingsOf = (flags: Flags): CloudSettings => ({
  enabled: selectControllers(flags.controllers, CONTROLLERS),
  loadBalancers: readLoadBalancerRanges(flags['load-balancer-cidr']),
});

async function main(ctx: Context, flags: Flags): Promise<void> {
  const settings = settingsOf(flags);
  const client = createKubeClient({ ...loadKubeconfigFile(flags.kubeconfig), userAgent: PROGRAM });
  const identity = `${hostname()}_${randomUUID()}`;
  const elector = flags['leader-elect'] ? new LeaderElector(client, { name: PROGRAM, identity }) : undefined;
  const { registry, observer } = createControllerMetrics(PROGRAM, {}, () => elector?.isLeader ?? true);
  const clusters = new Clusters(client, { idleAfter: flags['cluster-idle-after'] * 1000 });
  reportClusters(registry, clusters);
  const access = new DelegatedAccess(client);
  await startHealthServer(ctx, {
    port: flags['health-port'],
    checks: {},
    metrics: () => registry.metrics(),
    refusal: (request, authorization, act) => access.refusal(request, authorization, act),
  });
  const lead = (leading: Context) => clusters.run(leading, (_, cluster) => controllersOf(cluster, settings, observer));
  await (elector ? elector.campaign(ctx, lead) : lead(ctx)).finally(() => client.close());
}

await startProgram({ name: PROGRAM, options: optionSpecs, run: main });

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Clusters } from '@binnacle/client-clusters';
import { runLeading } from '@binnacle/client-leader-election';
import { createKubeClient, DelegatedAccess, loadKubeconfigFile } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { Options } from '@binnacle/process-config';
import { startHealthServer } from '@binnacle/process-lifecycle';
import { startProgram } from '@binnacle/process-program';
import { reportClusters } from '@binnacle/process-telemetry';
import { createSchedulerMetrics } from './metrics.js';
import { optionSpecs, PROGRAM } from './options.js';
import { schedulerOf } from './scheduler-of.js';

async function main(ctx: Context, options: Options<typeof optionSpecs>): Promise<void> {
  const metrics = createSchedulerMetrics(PROGRAM);
  const client = createKubeClient({ ...loadKubeconfigFile(options.kubeconfig), userAgent: PROGRAM });
  const access = new DelegatedAccess(client);
  await startHealthServer(ctx, {
    port: options['health-port'],
    checks: {},
    metrics: () => metrics.registry.metrics(),
    refusal: (request, authorization, act) => access.refusal(request, authorization, act),
  });
  const clusters = new Clusters(client, { idleAfter: options['cluster-idle-after'] * 1000 });
  reportClusters(metrics.registry, clusters);
  const settings = {
    schedulerName: options['scheduler-name'],
    seed: options.seed,
    observe: metrics.attempted,
  };
  const lead = (leading: Context) => clusters.run(leading, schedulerOf(settings));
  if (!options['leader-elect']) return lead(ctx);
  const lease = {
    name: PROGRAM,
    namespace: options['leader-elect-resource-namespace'],
    identity: `${hostname()}_${randomUUID()}`,
  };
  return runLeading(ctx, client, lease, lead);
}

await startProgram({ name: PROGRAM, options: optionSpecs, run: main });

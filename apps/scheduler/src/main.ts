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
import { settingsOf } from './settings.js';

async function main(ctx: Context, options: Options<typeof optionSpecs>): Promise<void> {
  const { kubeconfig, configuration, lease } = settingsOf(options);
  const metrics = createSchedulerMetrics(PROGRAM, () => performance.now() / 1000);
  const client = createKubeClient({ ...loadKubeconfigFile(kubeconfig), userAgent: PROGRAM });
  const access = new DelegatedAccess(client);
  await startHealthServer(ctx, {
    port: options['health-port'],
    checks: {},
    metrics: () => metrics.registry.metrics(),
    refusal: (request, authorization, act) => access.refusal(request, authorization, act),
  });
  const clusters = new Clusters(client, { idleAfter: options['cluster-idle-after'] * 1000 });
  reportClusters(metrics.registry, clusters);
  const { seed } = options;
  const detailsPerSecond = Math.max(0, options['decision-details-per-second']);
  const told = options.decisions && { decisions: { detailsPerSecond, count: metrics.decided } };
  const settings = { configuration, seed, instruments: metrics.instruments, ...told };
  const lead = (leading: Context) => clusters.run(leading, schedulerOf(settings, metrics.pending));
  if (!lease) return lead(ctx);
  return runLeading(ctx, client, { ...lease, identity: `${hostname()}_${randomUUID()}` }, lead);
}

await startProgram({ name: PROGRAM, options: optionSpecs, run: main });

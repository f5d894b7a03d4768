import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createEventRecorder } from '@binnacle/client-controller';
import { runLeading } from '@binnacle/client-leader-election';
import { createKubeClient, loadKubeconfigFile } from '@binnacle/client-rest';
import { runScheduler } from '@binnacle/control-scheduling';
import type { Context } from '@binnacle/machinery-context';
import { describeOptions, type Options, readOptions } from '@binnacle/process-config';
import { runProgram, startHealthServer } from '@binnacle/process-lifecycle';
import { createLogger } from '@binnacle/process-telemetry';
import { createSchedulerMetrics } from './metrics.js';
import { optionSpecs, PROGRAM } from './options.js';

async function main(ctx: Context, options: Options<typeof optionSpecs>): Promise<void> {
  const metrics = createSchedulerMetrics(PROGRAM);
  await startHealthServer(ctx, {
    port: options['health-port'],
    checks: {},
    metrics: () => metrics.registry.metrics(),
  });
  const client = createKubeClient({ ...loadKubeconfigFile(options.kubeconfig), userAgent: PROGRAM });
  const schedulerName = options['scheduler-name'];
  const lead = (leading: Context) =>
    runScheduler(leading, client, createEventRecorder(leading, client, { component: schedulerName }), {
      schedulerName,
      seed: options.seed,
      observe: metrics.attempted,
    });
  if (!options['leader-elect']) return lead(ctx);
  const lease = {
    name: PROGRAM,
    namespace: options['leader-elect-resource-namespace'],
    identity: `${hostname()}_${randomUUID()}`,
  };
  return runLeading(ctx, client, lease, lead);
}

const argv = process.argv.slice(2);
if (argv.includes('--help')) process.stdout.write(describeOptions(PROGRAM, optionSpecs));
else await runProgram(createLogger(PROGRAM), (ctx) => main(ctx, readOptions(optionSpecs, argv, process.env)));

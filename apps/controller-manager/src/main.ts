import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createKubeClient, loadKubeconfigFile } from '@binnacle/client-rest';
import { ConfigError, describeOptions, type Options, readOptions } from '@binnacle/process-config';
import type { Context } from '@binnacle/machinery-context';
import { runProgram, startHealthServer } from '@binnacle/process-lifecycle';
import { createLogger, type LogLevel } from '@binnacle/process-telemetry';
import { ControllerManager } from './controller-manager.js';
import { createControllerMetrics } from './metrics.js';
import { options } from './options.js';

const PROGRAM = 'kube-controller-manager';

function readConfig(): Options<typeof options> {
  const argv = process.argv.slice(2);
  if (argv.includes('--help')) {
    process.stdout.write(describeOptions(PROGRAM, options));
    process.exit(0);
  }
  try {
    return readOptions(options, argv, process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}

async function run(ctx: Context, config: Options<typeof options>): Promise<void> {
  const kubeconfig = loadKubeconfigFile(config.kubeconfig);
  const client = createKubeClient({ ...kubeconfig, userAgent: PROGRAM });
  const metrics = createControllerMetrics(PROGRAM, () => manager.isLeader);
  const manager = new ControllerManager({
    client,
    identity: config['leader-elect'] ? `${hostname()}_${randomUUID()}` : undefined,
    observe: metrics.observe,
    settings: {
      clusterCidr: config['cluster-cidr'],
      ca: kubeconfig.ca ?? '',
      nodeMonitorGrace: config['node-monitor-grace-period'] * 1000,
      terminatedPodThreshold: config['terminated-pod-gc-threshold'],
    },
  });
  const health = { port: config['health-port'], checks: {}, metrics: () => metrics.registry.metrics() };
  await startHealthServer(ctx, health);
  await manager.run(ctx).finally(() => client.close());
}

const config = readConfig();
await runProgram(createLogger(PROGRAM, config['log-level'] as LogLevel), (ctx) => run(ctx, config));

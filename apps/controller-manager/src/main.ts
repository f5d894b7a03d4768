import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { createKubeClient, loadKubeconfigFile } from '@binnacle/client-rest';
import { ConfigError, describeOptions, type Options, readOptions } from '@binnacle/process-config';
import type { Context } from '@binnacle/machinery-context';
import { runProgram, startHealthServer } from '@binnacle/process-lifecycle';
import { createLogger, createMetrics, Gauge, type LogLevel } from '@binnacle/process-telemetry';
import { ControllerManager } from './controller-manager.js';
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
  const manager = new ControllerManager({
    client,
    identity: config['leader-elect'] ? `${hostname()}_${randomUUID()}` : undefined,
    settings: {
      clusterCidr: config['cluster-cidr'],
      ca: kubeconfig.ca ?? '',
      nodeMonitorGrace: config['node-monitor-grace-period'] * 1000,
      terminatedPodThreshold: config['terminated-pod-gc-threshold'],
    },
  });
  const metrics = createMetrics(PROGRAM);
  new Gauge({
    name: 'leader_election_master_status',
    help: 'Whether this process leads',
    registers: [metrics],
    collect() {
      this.set(manager.isLeader ? 1 : 0);
    },
  });
  await startHealthServer(ctx, { port: config['health-port'], checks: {}, metrics: () => metrics.metrics() });
  await manager.run(ctx).finally(() => client.close());
}

const config = readConfig();
await runProgram(createLogger(PROGRAM, config['log-level'] as LogLevel), (ctx) => run(ctx, config));

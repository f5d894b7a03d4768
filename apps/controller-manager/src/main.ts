import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createKubeClient, DelegatedAccess, loadKubeconfigFile } from '@binnacle/client-rest';
import { legacyTokenSigner } from '@binnacle/control-cluster';
import type { Options } from '@binnacle/process-config';
import type { Context } from '@binnacle/machinery-context';
import { startHealthServer } from '@binnacle/process-lifecycle';
import { startProgram } from '@binnacle/process-program';
import { reportClusters } from '@binnacle/process-telemetry';
import { ControllerManager } from './controller-manager.js';
import { createControllerMetrics } from './metrics.js';
import { options } from './options.js';

const PROGRAM = 'kube-controller-manager';

/** Tokens hold in one logical cluster. */
const tokenSigners = (key: string) => (cluster: string) => legacyTokenSigner(key, cluster);

async function run(ctx: Context, config: Options<typeof options>): Promise<void> {
  const kubeconfig = loadKubeconfigFile(config.kubeconfig);
  const client = createKubeClient({ ...kubeconfig, userAgent: PROGRAM });
  const signingKey = config['service-account-private-key-file'];
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
      ...(signingKey && { signTokens: tokenSigners(readFileSync(signingKey, 'utf8')) }),
    },
    clusters: { idleAfter: config['cluster-idle-after'] * 1000 },
  });
  reportClusters(metrics.registry, manager.clusters);
  const access = new DelegatedAccess(client);
  await startHealthServer(ctx, {
    port: config['health-port'],
    checks: {},
    metrics: () => metrics.registry.metrics(),
    refusal: (request, authorization, act) => access.refusal(request, authorization, act),
  });
  await manager.run(ctx).finally(() => client.close());
}

await startProgram({ name: PROGRAM, options, run });

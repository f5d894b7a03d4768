import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { createKubeClient, DelegatedAccess, loadKubeconfigFile } from '@binnacle/client-rest';
import { certificateAuthority, legacyTokenSigner, type SignCertificate } from '@binnacle/control-cluster';
import { ConfigError, type Options, selectControllers } from '@binnacle/process-config';
import type { Context } from '@binnacle/machinery-context';
import { startHealthServer } from '@binnacle/process-lifecycle';
import { startProgram } from '@binnacle/process-program';
import { createControllerMetrics, reportClusters } from '@binnacle/process-telemetry';
import { ControllerManager } from './controller-manager.js';
import { ABSENT, CONTROLLERS } from './controllers.js';
import { options } from './options.js';
import { QUEUE_NAMES } from './queue-names.js';

const PROGRAM = 'kube-controller-manager';

/** Tokens hold in one logical cluster. */
const tokenSigners = (key: string) => (cluster: string) => legacyTokenSigner(key, cluster);

const HOUR = 3_600_000;

/** Undefined where no authority was given. */
async function certificateSigner(config: Options<typeof options>): Promise<SignCertificate | undefined> {
  const [certificate, key] = [config['cluster-signing-cert-file'], config['cluster-signing-key-file']];
  if (!certificate && !key) return undefined;
  if (!certificate || !key)
    throw new ConfigError('--cluster-signing-cert-file and --cluster-signing-key-file go together');
  const longest = config['cluster-signing-duration'] * HOUR;
  return certificateAuthority({
    certificate: readFileSync(certificate, 'utf8'),
    key: readFileSync(key, 'utf8'),
    longest,
  });
}

async function run(ctx: Context, config: Options<typeof options>): Promise<void> {
  const kubeconfig = loadKubeconfigFile(config.kubeconfig);
  const client = createKubeClient({ ...kubeconfig, userAgent: PROGRAM });
  const signingKey = config['service-account-private-key-file'];
  const signCertificates = await certificateSigner(config);
  const metrics = createControllerMetrics(PROGRAM, QUEUE_NAMES, () => manager.isLeader);
  const manager = new ControllerManager({
    client,
    identity: config['leader-elect'] ? `${hostname()}_${randomUUID()}` : undefined,
    observer: metrics.observer,
    settings: {
      enabled: selectControllers(config.controllers, CONTROLLERS, ABSENT),
      clusterCidr: config['cluster-cidr'],
      ca: kubeconfig.ca ?? '',
      nodeMonitorGrace: config['node-monitor-grace-period'] * 1000,
      terminatedPodThreshold: config['terminated-pod-gc-threshold'],
      legacyTokensUnusedFor: config['legacy-service-account-token-clean-up-period'] * HOUR,
      ...(signCertificates && { signCertificates }),
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

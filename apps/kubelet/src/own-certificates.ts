import { createKubeClient, type KubeClient, loadKubeconfigFile } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import {
  CertificateManager,
  impatient,
  type KubeletEndpoints,
  nodeCredentials,
  PairStore,
  servingCertificate,
} from '@binnacle/node-kubelet';
import { ConfigError } from '@binnacle/process-config';
import { certificatesOf, nameOf } from './machine-names.js';
import { PROGRAM } from './options.js';
import type { KubeletFlags } from './run-machine.js';

const OF_MACHINES = ['bootstrap-kubeconfig', 'rotate-certificates', 'rotate-server-certificates'] as const;

/** Who carries nodes of many clusters is no node: nobody signs certificates for an agent by itself. */
function checkRuntime(flags: KubeletFlags): void {
  const given = OF_MACHINES.find((name) => flags[name]);
  if (given && flags.runtime !== 'process') throw new ConfigError(`--${given} is for --runtime=process only`);
}

/** Resolves when the kubelet is somebody to the API server; then and from then on it renews that, if it is told to. */
export async function connect(ctx: Context, flags: KubeletFlags): Promise<KubeClient> {
  const { kubeconfig, 'bootstrap-kubeconfig': bootstrapKubeconfig, 'rotate-certificates': rotates } = flags;
  checkRuntime(flags);
  const isStopping = flags['only-stop-pods'];
  if (isStopping || !(bootstrapKubeconfig || rotates))
    return impatient(createKubeClient({ ...loadKubeconfigFile(kubeconfig), userAgent: PROGRAM }));
  const directory = certificatesOf(flags);
  const names = { nodeName: nameOf(flags), kubeconfig, bootstrapKubeconfig, directory };
  const { client, run } = await nodeCredentials(ctx, { ...names, rotates, userAgent: PROGRAM });
  run(ctx).catch((error: unknown) => ctx.logger.error('the client certificate is renewed no more', { error }));
  return client;
}

/** Asks for the certificate of the endpoint and shows it as soon as somebody has approved, where that is wished. */
export function renewServing(
  ctx: Context,
  client: KubeClient,
  flags: KubeletFlags,
  endpoints: Pick<KubeletEndpoints, 'renew'>,
): void {
  if (!flags['rotate-server-certificates']) return;
  const nodeName = nameOf(flags);
  const show = ({ certificate: cert, key }: { certificate: string; key: string }) => endpoints.renew({ cert, key });
  const manager = new CertificateManager({
    asked: servingCertificate(nodeName, [nodeName, flags['node-ip']]),
    store: new PairStore(certificatesOf(flags), 'kubelet-server'),
    client: () => client,
    changed: show,
  });
  if (manager.current) show(manager.current);
  manager
    .run(ctx)
    .catch((error: unknown) => ctx.logger.error('the certificate of the endpoint is renewed no more', { error }));
}

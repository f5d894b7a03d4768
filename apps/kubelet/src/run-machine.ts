import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { KubeClient } from '@binnacle/client-rest';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { Kubelet, noSources, noVolumes, removeOrphans, serveKubelet } from '@binnacle/node-kubelet';
import { ProcessRuntime } from '@binnacle/node-runtime-process';
import { ConfigError, type Options } from '@binnacle/process-config';
import { machineNode } from './machine-node.js';
import type { optionSpecs } from './options.js';
import { admitStaticOnly } from './static-only.js';

export type KubeletFlags = Options<typeof optionSpecs>;

const RUNTIME_VERSION = '0.1.0';

export const tlsOf = (flags: KubeletFlags) => ({
  cert: readFileSync(flags['cert-file']),
  key: readFileSync(flags['key-file']),
  clientCa: readFileSync(flags['client-ca-file']),
});

export const podLogsOf = (flags: KubeletFlags) => flags['pod-logs-dir'] || join(flags['root-dir'], 'logs', 'pods');

function createRuntime(ctx: Context, rootDir: string, path: string): ProcessRuntime {
  const environment = { PATH: path, HOME: rootDir, LANG: 'C.UTF-8' };
  return new ProcessRuntime(ctx, { directory: join(rootDir, 'runtime'), version: RUNTIME_VERSION, environment });
}

function createKubelet(ctx: Context, client: KubeClient, flags: KubeletFlags, path: string): Kubelet {
  const rootDir = flags['root-dir'];
  const runtime = createRuntime(ctx, rootDir, path);
  const name = flags['node-name'] || hostname().toLowerCase();
  const machineId = createHash('md5').update(`${hostname()}/${name}`).digest('hex');
  return new Kubelet(ctx, {
    node: machineNode({
      name,
      address: flags['node-ip'],
      port: flags.port,
      rootDir,
      runtimeVersion: RUNTIME_VERSION,
      machineId,
    }),
    runtime,
    runtimeName: 'process',
    client,
    podLogs: podLogsOf(flags),
    volumes: noVolumes,
    environment: noSources,
    needsPodCidr: false,
    manifests: flags['pod-manifest-path'],
    admit: admitStaticOnly,
  });
}

/** Runs the control plane's static Pods on this machine until the context aborts. `path` is where programs are found. */
export async function runMachine(ctx: Context, client: KubeClient, flags: KubeletFlags, path: string): Promise<void> {
  if (!flags['pod-manifest-path']) throw new ConfigError('--pod-manifest-path is required with --runtime=process');
  for (const dir of [flags['root-dir'], podLogsOf(flags)]) mkdirSync(dir, { recursive: true, mode: 0o755 });
  if (flags['only-stop-pods'])
    return await removeOrphans(ctx, createRuntime(ctx, flags['root-dir'], path), () => false);
  // What runs must be stopped in order before the agent's own context ends.
  const inner = new AbortController();
  const own = withSignal(ctx, inner.signal);
  const kubelet = createKubelet(own, client, flags, path);
  await serveKubelet(own, kubelet, { host: flags['node-ip'], port: flags.port, ...tlsOf(flags) });
  await kubelet.start();
  await new Promise<void>((resolve) => {
    if (ctx.signal.aborted) resolve();
    ctx.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  if (flags['stop-pods-on-exit']) await kubelet.stopStaticPods();
  inner.abort(ctx.signal.reason);
}

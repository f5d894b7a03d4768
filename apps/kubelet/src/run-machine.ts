import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { KubeClient } from '@binnacle/client-rest';
import { type Context, withSignal } from '@binnacle/machinery-context';
import {
  type EndpointTls,
  Kubelet,
  KubeletEndpoints,
  type NodeDescription,
  noSources,
  noVolumes,
  removeOrphans,
} from '@binnacle/node-kubelet';
import { ProcessRuntime } from '@binnacle/node-runtime-process';
import { ConfigError, type Options } from '@binnacle/process-config';
import { type Confinement, confinement } from '@binnacle/process-lifecycle';
import { machineNode } from './machine-node.js';
import { nameOf } from './machine-names.js';
import type { optionSpecs } from './options.js';
import { renewServing } from './own-certificates.js';
import { admitStaticOnly } from './static-only.js';

export type KubeletFlags = Options<typeof optionSpecs>;

/** What the control plane's own programs need of root's powers: low ports, and data directories of other accounts. */
const COMPONENT_CAPABILITIES = ['net_bind_service', 'dac_override', 'dac_read_search', 'fowner'];
const RUNTIME_VERSION = '0.1.0';
/** The control plane is what everything waits for: what kept it from starting, such as a full disk, may be over any moment. */
const LONGEST_RESTART_DELAY = 20_000;

export function tlsOf(flags: KubeletFlags): EndpointTls {
  const [certFile, keyFile] = [flags['cert-file'], flags['key-file']];
  if (!(certFile && keyFile) && !flags['rotate-server-certificates'])
    throw new ConfigError('--cert-file and --key-file, or --rotate-server-certificates, are required');
  return {
    ...(certFile && keyFile && { cert: readFileSync(certFile), key: readFileSync(keyFile) }),
    clientCa: readFileSync(flags['client-ca-file']),
  };
}

export const podLogsOf = (flags: KubeletFlags) => flags['pod-logs-dir'] || join(flags['root-dir'], 'logs', 'pods');

/** @throws ConfigError */
export function cloudProviderOf({ 'cloud-provider': name }: KubeletFlags): Pick<NodeDescription, 'cloudProvider'> {
  if (name === '') return {};
  if (name === 'external') return { cloudProvider: name };
  throw new ConfigError(`--cloud-provider must be external or empty, not "${name}"`);
}

interface Surroundings {
  /** Where programs are found. */
  readonly path: string;
  readonly confinement: Confinement;
}

function createRuntime(ctx: Context, flags: KubeletFlags, { path, confinement }: Surroundings): ProcessRuntime {
  const rootDir = flags['root-dir'];
  return new ProcessRuntime(ctx, {
    directory: join(rootDir, 'runtime'),
    version: RUNTIME_VERSION,
    manifests: { directory: flags['pod-manifest-path'], nodeName: nameOf(flags) },
    environment: { PATH: path, HOME: rootDir, LANG: 'C.UTF-8' },
    confinement,
  });
}

function createKubelet(ctx: Context, client: KubeClient, flags: KubeletFlags, runtime: ProcessRuntime): Kubelet {
  const rootDir = flags['root-dir'];
  const name = nameOf(flags);
  const machineId = createHash('md5').update(`${hostname()}/${name}`).digest('hex');
  return new Kubelet(ctx, {
    node: {
      ...machineNode({
        name,
        address: flags['node-ip'],
        port: flags.port,
        rootDir,
        runtimeVersion: RUNTIME_VERSION,
        machineId,
        isControlPlane: !flags['bootstrap-kubeconfig'],
      }),
      ...cloudProviderOf(flags),
    },
    runtime,
    runtimeName: 'process',
    client,
    podLogs: podLogsOf(flags),
    volumes: noVolumes,
    environment: noSources,
    needsPodCidr: false,
    manifests: flags['pod-manifest-path'],
    longestRestartDelay: LONGEST_RESTART_DELAY,
    admit: (_, { source }) => admitStaticOnly(source),
  });
}

/** Runs the control plane's static Pods on this machine until the context aborts. `path` is where programs are found. */
export async function runMachine(ctx: Context, client: KubeClient, flags: KubeletFlags, path: string): Promise<void> {
  if (!flags['pod-manifest-path']) throw new ConfigError('--pod-manifest-path is required with --runtime=process');
  for (const dir of [flags['root-dir'], podLogsOf(flags)]) mkdirSync(dir, { recursive: true, mode: 0o700 });
  const isRoot = process.getuid?.() === 0;
  const machine = { path, isRoot, capabilities: COMPONENT_CAPABILITIES };
  const surroundings = { path, confinement: await confinement(ctx.logger, machine) };
  if (flags['only-stop-pods']) return await removeOrphans(ctx, createRuntime(ctx, flags, surroundings), () => false);
  // What runs must be stopped in order before the agent's own context ends.
  const inner = new AbortController();
  const own = withSignal(ctx, inner.signal);
  const kubelet = createKubelet(own, client, flags, createRuntime(own, flags, surroundings));
  const endpoints = new KubeletEndpoints(tlsOf(flags));
  await endpoints.serve(own, kubelet, { host: flags['node-ip'], port: flags.port });
  renewServing(own, client, flags, endpoints);
  await kubelet.start();
  await new Promise<void>((resolve) => {
    if (ctx.signal.aborted) resolve();
    ctx.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  if (flags['stop-pods-on-exit']) await kubelet.stopStaticPods();
  inner.abort(ctx.signal.reason);
}

import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createInformer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { LOOPBACK_WIRE, WIRE_ANNOTATION } from '@binnacle/machinery-wire';
import {
  admitPod,
  apiSources,
  DirectoryVolumes,
  type EnvironmentSources,
  Kubelet,
  type NodeDescription,
  serveKubelet,
} from '@binnacle/node-kubelet';
import { type NameResolver, ShellPool, SimRuntime } from '@binnacle/node-runtime-sim';
import { ConfigError } from '@binnacle/process-config';
import { architecture, KUBELET_VERSION } from './machine-node.js';
import { type KubeletFlags, podLogsOf, tlsOf } from './run-machine.js';
import { serviceNames } from './service-names.js';
import { type SimulatedNode, SimulatedNodesDirectory } from './simulated-nodes.js';

const HEADLESS_LABEL = 'service.kubernetes.io/headless';
const RUNTIME_VERSION = '0.1.0';
const ADDRESS_RETRY_MILLISECONDS = 2000;

/** What all simulated nodes of this process share. */
interface Shared {
  readonly client: KubeClient;
  readonly shell: ShellPool;
  readonly resolver: NameResolver;
  readonly environment: EnvironmentSources;
  readonly tls: ReturnType<typeof tlsOf>;
  readonly podLogs: string;
  readonly root: string;
  readonly port: number;
}

const hash = (text: string) => createHash('md5').update(text).digest('hex');

function describe({ name, cpu, memory, pods, address, labels }: SimulatedNode, port: number): NodeDescription {
  const capacity = { cpu, memory, 'ephemeral-storage': '100Gi', pods: String(pods) };
  return {
    name,
    address,
    port,
    labels,
    annotations: { [WIRE_ANNOTATION]: LOOPBACK_WIRE },
    taints: [],
    capacity,
    allocatable: capacity,
    info: {
      architecture: architecture(),
      operatingSystem: 'linux',
      bootID: randomUUID(),
      machineID: hash(`machine/${name}`),
      systemUUID: hash(`system/${name}`),
      kernelVersion: '6.12.0-simulated',
      osImage: 'Binnacle simulated node',
      containerRuntimeVersion: `simulated://${RUNTIME_VERSION}`,
      kubeletVersion: KUBELET_VERSION,
      kubeProxyVersion: '',
    },
  };
}

/** Runs one node until its context aborts. */
function runNode(ctx: Context, shared: Shared, node: SimulatedNode): void {
  const { client, shell, resolver, environment, podLogs, port, tls, root } = shared;
  const description = describe(node, port);
  const privileged = process.getuid?.() === 0;
  const { name: nodeName, address: hostIp } = node;
  const runtime = new SimRuntime(ctx, { nodeName, hostIp, version: RUNTIME_VERSION, shell, resolver, privileged });
  const kubelet = new Kubelet(ctx, {
    node: description,
    runtime,
    runtimeName: 'simulated',
    client,
    podLogs,
    volumes: new DirectoryVolumes({
      root,
      sources: environment,
      place: { hostIp, nodeName, allocatable: description.allocatable },
    }),
    environment,
    needsPodCidr: true,
    admit: (pod, others) => admitPod(description, pod, others),
  });
  const serve = () => {
    serveKubelet(ctx, kubelet, { host: hostIp, port, ...tls }).catch((error: unknown) => {
      ctx.logger.error('the endpoint of a node cannot be opened', { error });
      ctx.clock.after(ADDRESS_RETRY_MILLISECONDS, () => ctx.signal.aborted || serve());
    });
  };
  serve();
  void kubelet.start();
}

/** The nodes that run now; each has its own end. */
class RunningNodes {
  private readonly running = new Map<string, { readonly node: SimulatedNode; readonly abort: AbortController }>();

  constructor(
    private readonly ctx: Context,
    private readonly shared: Shared,
  ) {}

  /** Makes exactly the given nodes run that should; a changed one is started anew, as after a change of its hardware. */
  apply(nodes: readonly SimulatedNode[]): void {
    const wanted = new Map(nodes.filter(({ state }) => state === 'running').map((node) => [node.name, node]));
    for (const [name, { node, abort }] of this.running) {
      if (JSON.stringify(wanted.get(name)) === JSON.stringify(node)) continue;
      this.ctx.logger.info('node stopped', { node: name });
      abort.abort(new Error('the node was stopped'));
      this.running.delete(name);
    }
    for (const [name, node] of wanted) if (!this.running.has(name)) this.start(node);
  }

  private start(node: SimulatedNode): void {
    const abort = new AbortController();
    this.ctx.signal.addEventListener('abort', () => abort.abort(this.ctx.signal.reason), { once: true });
    this.running.set(node.name, { node, abort });
    const logger = this.ctx.logger.child({ node: node.name });
    runNode({ ...withSignal(this.ctx, abort.signal), logger }, this.shared, node);
    this.ctx.logger.info('node started', { node: node.name });
  }
}

/** Carries all simulated nodes of a directory until the context aborts. */
export async function runSimulated(ctx: Context, client: KubeClient, flags: KubeletFlags): Promise<void> {
  const directory = flags['simulated-nodes-dir'];
  if (!directory) throw new ConfigError('--simulated-nodes-dir is required with --runtime=sim');
  mkdirSync(podLogsOf(flags), { recursive: true });
  const services = createInformer(client.resource<Service>(refs.services));
  void services.run(ctx).catch((error: unknown) => ctx.logger.debug('Services are no longer watched', { error }));
  const selection = { labelSelector: HEADLESS_LABEL };
  const slices = createInformer(client.resource<EndpointSlice>(refs.endpointslices), { selection });
  void slices.run(ctx).catch((error: unknown) => ctx.logger.debug('EndpointSlices are no longer watched', { error }));
  const nodes = new RunningNodes(ctx, {
    client,
    shell: new ShellPool(ctx.clock),
    resolver: serviceNames(services, slices),
    environment: apiSources(client, () => services.list()),
    tls: tlsOf(flags),
    podLogs: podLogsOf(flags),
    root: flags['root-dir'],
    port: flags.port,
  });
  const stopped = new Promise<void>(
    (resolve) => void ctx.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  // Containers are told of the Services there are: none may start before those are known.
  await Promise.race([services.synced(), stopped]);
  if (ctx.signal.aborted) return;
  await new SimulatedNodesDirectory(directory, (all) => nodes.apply(all)).start(ctx);
  await stopped;
}

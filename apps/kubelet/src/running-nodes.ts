import { createHash, randomUUID } from 'node:crypto';
import type { KubeClient } from '@binnacle/client-rest';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { LOOPBACK_WIRE, WIRE_ANNOTATION } from '@binnacle/machinery-wire';
import {
  admitPod,
  AttachedVolumes,
  type ClaimSource,
  DirectoryVolumes,
  type EnvironmentSources,
  Kubelet,
  type KubeletEndpoints,
  type NodeDescription,
  type TokenSource,
} from '@binnacle/node-kubelet';
import { type ShellPool, SimulatedDeviceDriver, SimRuntime, type Wire } from '@binnacle/node-runtime-sim';
import { devicesOf, type SimulatedNode } from '@binnacle/node-simulated';
import type { ClusterLinks } from './links/cluster-links.js';
import { architecture, KUBELET_VERSION } from './machine-node.js';
import type { CarriedPods } from './policies/carried-pods.js';

const RUNTIME_VERSION = '0.1.0';
const ADDRESS_RETRY_MILLISECONDS = 2000;

/** What all simulated nodes of a logical cluster share. */
export interface SharedByNodes {
  readonly client: KubeClient;
  readonly shell: ShellPool;
  readonly wire: Wire;
  /** The Pods of the nodes, as policies see them. */
  readonly pods: CarriedPods;
  readonly links: ClusterLinks;
  readonly environment: EnvironmentSources;
  readonly tokens: TokenSource;
  readonly claims: ClaimSource;
  readonly endpoints: KubeletEndpoints;
  readonly podLogs: string;
  readonly root: string;
  readonly port: number;
  /** Whose nodes they are, as its credentials say. */
  readonly agent: string;
  /** Nodes wait for a cloud to say what they are. */
  readonly cloudProvider?: NodeDescription['cloudProvider'];
  /** For nodes that are there because somebody made their objects: which Pod networks are the cluster's. */
  readonly acceptsPodCidr?: (cidr: string) => boolean;
}

const hash = (text: string) => createHash('md5').update(text).digest('hex');

function describe({ name, cpu, memory, pods, address, labels }: SimulatedNode, shared: SharedByNodes): NodeDescription {
  const { port, agent, cloudProvider } = shared;
  const capacity = { cpu, memory, 'ephemeral-storage': '100Gi', pods: String(pods) };
  return {
    name,
    address,
    port,
    providerId: `simulated://${agent}/${name}`,
    labels,
    annotations: { [WIRE_ANNOTATION]: LOOPBACK_WIRE },
    taints: [],
    ...(cloudProvider && { cloudProvider }),
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

type Machine = Pick<RunningNode, 'kubelet' | 'devices'>;

function machineOf(ctx: Context, shared: SharedByNodes, node: SimulatedNode): Machine {
  const devices: SimulatedDeviceDriver = new SimulatedDeviceDriver({
    client: shared.client,
    node: node.name,
    current: () => kubelet.registration.current,
  });
  const kubelet: Kubelet = kubeletOf(ctx, shared, node, devices);
  kubelet.registration.informer.addHandler({ added: () => devices.wake() });
  shared.pods.add(node.name, kubelet.pods.informer);
  shared.links.follow(kubelet.registration.informer);
  devices.set(devicesOf(node.devices));
  return { kubelet, devices };
}

function kubeletOf(ctx: Context, shared: SharedByNodes, node: SimulatedNode, devices: SimulatedDeviceDriver): Kubelet {
  const { client, shell, wire, environment, tokens, claims, podLogs, root, acceptsPodCidr } = shared;
  const description = describe(node, shared);
  const { name: nodeName, address: hostIp } = node;
  const attached = new AttachedVolumes();
  return new Kubelet(ctx, {
    node: description,
    runtime: new SimRuntime(ctx, { nodeName, hostIp, version: RUNTIME_VERSION, shell, wire }),
    runtimeName: 'simulated',
    client,
    podLogs,
    volumes: new DirectoryVolumes({
      root,
      sources: environment,
      tokens,
      claims,
      attached,
      place: { hostIp, nodeName, allocatable: description.allocatable },
    }),
    attached,
    deviceDrivers: [devices],
    environment,
    needsPodCidr: true,
    ...(acceptsPodCidr && { acceptsPodCidr, comesBack: false }),
    admit: (pod, facts) => admitPod(description, pod, facts),
  });
}

type Endpoints = Pick<SharedByNodes, 'endpoints' | 'port'>;

function serve(ctx: Context, shared: Endpoints, kubelet: Kubelet, host: string): void {
  const { endpoints, port } = shared;
  endpoints.serve(ctx, kubelet, { host, port }).catch((error: unknown) => {
    ctx.logger.error('the endpoint of a node cannot be opened', { error });
    ctx.clock.after(ADDRESS_RETRY_MILLISECONDS, () => {
      if (!ctx.signal.aborted) serve(ctx, shared, kubelet, host);
    });
  });
}

interface RunningNode {
  readonly node: SimulatedNode;
  readonly abort: AbortController;
  readonly kubelet: Kubelet;
  readonly devices: SimulatedDeviceDriver;
  readonly ctx: Context;
}

/** Everything about a node whose change is one of its hardware; devices come and go while it runs. */
const hardwareOf = ({ devices: _, ...node }: SimulatedNode): string => JSON.stringify(node);

/** The nodes that run now; each has its own end. */
export class RunningNodes {
  private readonly running = new Map<string, RunningNode>();
  private life: Context | undefined;

  constructor(
    private readonly ctx: Context,
    private readonly shared: SharedByNodes,
  ) {}

  get count(): number {
    return this.running.size;
  }

  /** The node that runs at an address. */
  at(address: string): string | undefined {
    return [...this.running.values()].find(({ node }) => node.address === address)?.node.name;
  }

  /** Lets the nodes do what the API server says until the context aborts; what runs on them goes on after that. */
  follow(life: Context): void {
    this.life = life;
    for (const node of this.running.values()) this.followOne(node);
  }

  /** Makes exactly the given nodes run that should; a changed one is started anew, as after a change of its hardware. */
  apply(nodes: readonly SimulatedNode[]): void {
    const wanted = new Map(nodes.filter(({ state }) => state === 'running').map((node) => [node.name, node]));
    for (const [name, running] of this.running) {
      const { node, abort } = running;
      const next = wanted.get(name);
      if (next && hardwareOf(next) === hardwareOf(node)) {
        this.setDevices(running, next);
        continue;
      }
      this.ctx.logger.info('node stopped', { node: name });
      abort.abort(new Error('the node was stopped'));
      this.running.delete(name);
    }
    for (const [name, node] of wanted) if (!this.running.has(name)) this.start(node);
  }

  private setDevices(running: RunningNode, node: SimulatedNode): void {
    if (JSON.stringify(node.devices) === JSON.stringify(running.node.devices)) return;
    this.running.set(node.name, { ...running, node });
    running.devices.set(devicesOf(node.devices));
  }

  private start(node: SimulatedNode): void {
    const abort = new AbortController();
    this.ctx.signal.addEventListener('abort', () => abort.abort(this.ctx.signal.reason), { once: true });
    const ctx = { ...withSignal(this.ctx, abort.signal), logger: this.ctx.logger.child({ node: node.name }) };
    try {
      const running = { node, abort, ctx, ...machineOf(ctx, this.shared, node) };
      this.running.set(node.name, running);
      serve(ctx, this.shared, running.kubelet, node.address);
      this.followOne(running);
      ctx.logger.info('node started', { node: node.name });
    } catch (error) {
      ctx.logger.error('a node cannot be run', { error });
    }
  }

  private followOne({ ctx, kubelet, devices }: RunningNode): void {
    const { life } = this;
    if (!life || life.signal.aborted) return;
    const until = withSignal(ctx, AbortSignal.any([ctx.signal, life.signal]));
    const followed = kubelet.follow(until).then(() => devices.follow(until));
    followed.catch((error: unknown) => {
      if (!until.signal.aborted) ctx.logger.error('a node could not join the cluster', { error });
    });
  }
}

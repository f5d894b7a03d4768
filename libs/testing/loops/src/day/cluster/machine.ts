import type { Transport } from '@binnacle/client-rest';
import { kubeClientOver, TransportError } from '@binnacle/client-rest';
import { type Context, withSignal } from '@binnacle/machinery-context';
import { admitPod, Kubelet, type NodeDescription, noSources, noVolumes } from '@binnacle/node-kubelet';
import { type Shell, SimRuntime, Wire } from '@binnacle/node-runtime-sim';
import type { InProcessApi } from '../../index.js';

export interface MachineSpec {
  readonly name: string;
  readonly cpu: string;
  readonly memory: string;
  readonly zone: string;
}

export interface MachineSurroundings {
  readonly ctx: Context;
  readonly api: InProcessApi;
  /** Answers commands in containers, such as probes run, with an exit code. */
  readonly probe: (pod: string, namespace: string) => number;
}

const VERSION = 'v1.36.0';
const NOTHING = Buffer.alloc(0);

function describe({ name, cpu, memory, zone }: MachineSpec): NodeDescription {
  const capacity = { cpu, memory, 'ephemeral-storage': '100Gi', pods: '110' };
  return {
    name,
    address: '127.0.0.1',
    port: 10250,
    providerId: `simulated://day/${name}`,
    labels: { 'topology.kubernetes.io/zone': zone },
    annotations: {},
    taints: [],
    capacity,
    allocatable: capacity,
    info: {
      architecture: 'amd64',
      operatingSystem: 'linux',
      bootID: name,
      machineID: name,
      systemUUID: name,
      kernelVersion: 'simulated',
      osImage: 'simulated',
      containerRuntimeVersion: 'simulated://1',
      kubeletVersion: VERSION,
      kubeProxyVersion: '',
    },
  };
}

/** Containers run plain commands alone, which need no shell; what is executed in them is a probe. */
function shellOf(probe: MachineSurroundings['probe']): Shell {
  return {
    program: (words) => {
      throw new Error(`there is no shell for ${words.join(' ')}`);
    },
    exec: async ({ identity }) => ({
      exitCode: probe(identity.pod, identity.namespace),
      stdout: NOTHING,
      stderr: NOTHING,
    }),
    stream: async () => 1,
    forget: () => undefined,
  };
}

/** A node's machine: a kubelet over a simulated runtime. Its power, its network and its kubelet may fail. */
export class Machine {
  private power: AbortController | undefined;
  private agent: AbortController | undefined;
  private link = new AbortController();
  private runtime: SimRuntime | undefined;
  kubelet: Kubelet | undefined;
  /** Since when it has been as it is, in milliseconds of the clock. */
  changedAt: number;
  isPlugged = true;

  constructor(
    readonly spec: MachineSpec,
    private readonly around: MachineSurroundings,
  ) {
    this.changedAt = around.ctx.clock.now();
  }

  get name(): string {
    return this.spec.name;
  }

  get isOn(): boolean {
    return this.power !== undefined;
  }

  /** Whether the control plane hears of it. */
  get isHeard(): boolean {
    return this.isOn && this.isPlugged;
  }

  powerOn(): void {
    if (this.power) return;
    this.changed();
    this.power = new AbortController();
    const ctx = withSignal(this.around.ctx, this.power.signal);
    const wire = new Wire({ privileged: false, isService: () => false, listeners: { has: async () => false } });
    const { probe } = this.around;
    this.runtime = new SimRuntime(ctx, {
      nodeName: this.name,
      hostIp: '127.0.0.1',
      version: '1',
      shell: shellOf(probe),
      wire,
      seed: 'day',
    });
    this.startKubelet();
  }

  /** All that ran here is gone, and nobody is told. */
  powerOff(): void {
    this.changed();
    this.power?.abort(new Error('the machine lost its power'));
    this.power = undefined;
    this.kubelet = undefined;
  }

  /** The agent ends and begins again; containers go on. */
  restartKubelet(): void {
    if (!this.power) return;
    this.agent?.abort(new Error('the kubelet was ended'));
    this.startKubelet();
  }

  /** Nothing comes through to the control plane and back. */
  unplug(): void {
    this.changed();
    this.isPlugged = false;
    this.link.abort(new TransportError('the network is cut'));
  }

  plugIn(): void {
    this.changed();
    this.isPlugged = true;
    this.link = new AbortController();
  }

  /** Names of the Pods whose containers run here, as `namespace/name uid`. */
  async running(): Promise<string[]> {
    const { runtime } = this;
    if (!runtime || !this.isOn) return [];
    const { ctx } = this.around;
    const [sandboxes, containers] = await Promise.all([runtime.listPodSandboxes(ctx), runtime.listContainers(ctx)]);
    const alive = new Set(containers.filter(({ state }) => state === 'running').map(({ sandboxId }) => sandboxId));
    return sandboxes
      .filter(({ id }) => alive.has(id))
      .map(({ metadata: { namespace, name, uid } }) => `${namespace}/${name} ${uid}`);
  }

  /** How many sandboxes and containers there are, ended ones too. */
  async held(): Promise<number> {
    const { runtime } = this;
    if (!runtime || !this.isOn) return 0;
    const { ctx } = this.around;
    return (await runtime.listPodSandboxes(ctx)).length + (await runtime.listContainers(ctx)).length;
  }

  private changed(): void {
    this.changedAt = this.around.ctx.clock.now();
  }

  private startKubelet(): void {
    const { runtime, power, around } = this;
    if (!runtime || !power) return;
    const agent = new AbortController();
    this.agent = agent;
    const signal = AbortSignal.any([power.signal, agent.signal]);
    const ctx = withSignal(around.ctx, signal);
    const node = describe(this.spec);
    this.kubelet = new Kubelet(ctx, {
      node,
      runtime,
      runtimeName: 'simulated',
      client: kubeClientOver(this.transport(), { userAgent: 'kubelet' }),
      podLogs: '/nonexistent/binnacle-day',
      volumes: noVolumes,
      environment: noSources,
      needsPodCidr: true,
      admit: (pod, facts) => admitPod(node, pod, facts),
    });
    void this.kubelet.start();
  }

  private transport(): Transport {
    const { api } = this.around;
    const own = api.transport({ commonName: `system:node:${this.name}`, organizations: ['system:nodes'] });
    return {
      send: async (ctx, request) => {
        if (!this.isPlugged) throw new TransportError('the network is cut');
        return own.send(withSignal(ctx, AbortSignal.any([ctx.signal, this.link.signal])), request);
      },
      close: async () => undefined,
    };
  }
}

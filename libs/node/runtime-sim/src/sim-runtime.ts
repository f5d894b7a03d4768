import { randomUUID } from 'node:crypto';
import type { Context } from '@binnacle/machinery-context';
import type {
  ContainerConfig,
  ContainerSize,
  ContainerStatus,
  ContainerStreams,
  ExecResult,
  ImageStatus,
  PodSandboxConfig,
  PodSandboxFilter,
  PodSandboxStatus,
  RuntimeConfig,
  RuntimeEvent,
  RuntimeService,
  RuntimeVersion,
  SocketAddress,
  UsageStats,
} from '@binnacle/node-cri';
import { AddressPool } from './address-pool.js';
import { Catalogue } from './catalogue/catalogue.js';
import { containerNameFiles } from './container-name-files.js';
import { Network } from './network/network.js';
import type { Wire } from './network/wire.js';
import { chooseProgram, titleOf } from './shell/choose.js';
import { missingCommand, missingProgram } from './shell/missing.js';
import type { Shell } from './shell/shell.js';
import { SimContainer } from './sim-container.js';
import { SimImages } from './sim-images.js';
import { inhabitantOf, type SimSandbox, sandboxStatus } from './sim-sandbox.js';
import { usageOf } from './usage.js';

export interface SimRuntimeOptions {
  readonly nodeName: string;
  /** The node's own address: where hostNetwork Pods listen. */
  readonly hostIp: string;
  readonly version: string;
  readonly shell: Shell;
  /** What all simulated nodes of a process share. */
  readonly wire: Wire;
  /** The same seed gives the same delays. */
  readonly seed?: string;
  readonly catalogue?: Catalogue;
}

const FINAL_STOP_SECONDS = 2;
const FIRST_WAIT_MESSAGE = 'the Pod network of the node is not known yet';

/** A container runtime that runs nothing of this machine: images are behaviours, listening at real sockets. */
export class SimRuntime implements RuntimeService {
  private readonly sandboxes = new Map<string, SimSandbox>();
  private readonly containers = new Map<string, SimContainer>();
  private readonly listeners = new Set<(event: RuntimeEvent) => void>();
  private readonly catalogue: Catalogue;
  private readonly images: SimImages;
  private addresses: AddressPool | undefined;

  /** When the context aborts, everything is gone as if the node had lost its power. */
  constructor(
    private readonly ctx: Context,
    private readonly options: SimRuntimeOptions,
  ) {
    this.catalogue = options.catalogue ?? new Catalogue();
    this.images = new SimImages(this.catalogue, this.seed);
    ctx.signal.addEventListener('abort', () => this.cutOff(), { once: true });
  }

  async version(): Promise<RuntimeVersion> {
    return { runtimeName: 'simulated', runtimeVersion: this.options.version };
  }

  async updateRuntimeConfig(_: Context, { podCidr }: RuntimeConfig): Promise<void> {
    if (this.addresses?.cidr !== podCidr) this.addresses = new AddressPool(podCidr);
  }

  onEvent(listener: (event: RuntimeEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async runPodSandbox(_: Context, config: PodSandboxConfig): Promise<string> {
    this.ctx.signal.throwIfAborted();
    if (!this.addresses && !config.hostNetwork) throw new Error(FIRST_WAIT_MESSAGE);
    const { nodeName: node, hostIp } = this.options;
    const ip = config.hostNetwork ? hostIp : (this.addresses?.take(config.ip) ?? '');
    const self = inhabitantOf(config, ip, { node, hostIp });
    const leave = this.options.wire.settle(self);
    const sandbox: SimSandbox = { id: newId(), config, createdAt: this.ctx.clock.now(), self, leave, state: 'ready' };
    this.sandboxes.set(sandbox.id, sandbox);
    return sandbox.id;
  }

  async stopPodSandbox(_: Context, id: string): Promise<void> {
    const sandbox = this.sandboxes.get(id);
    if (!sandbox || sandbox.state === 'notReady') return;
    await Promise.all(this.containersOf(id).map((container) => container.stop('SIGTERM', FINAL_STOP_SECONDS)));
    sandbox.state = 'notReady';
    sandbox.leave();
    if (!sandbox.config.hostNetwork) this.addresses?.release(sandbox.self.ip);
    this.tell({ type: 'stopped', sandboxId: id });
  }

  async removePodSandbox(ctx: Context, id: string): Promise<void> {
    await this.stopPodSandbox(ctx, id);
    await Promise.all(this.containersOf(id).map((container) => this.removeContainer(ctx, container.id)));
    if (this.sandboxes.delete(id)) this.tell({ type: 'deleted', sandboxId: id });
  }

  async listPodSandboxes(_: Context, filter?: PodSandboxFilter): Promise<readonly PodSandboxStatus[]> {
    const all = [...this.sandboxes.values()];
    return all.filter(({ config }) => !filter || config.metadata.uid === filter.podUid).map(sandboxStatus);
  }

  /** A node's localhost is the node, not this machine. */
  async reach(_: Context, sandboxId: string, host: string, port: number): Promise<SocketAddress> {
    if (!this.sandboxes.has(sandboxId)) throw new Error(`there is no sandbox ${sandboxId}`);
    const { wire, hostIp } = this.options;
    return await wire.reach(isLocalhost(host) ? hostIp : host, port);
  }

  async createContainer(_: Context, sandboxId: string, config: ContainerConfig): Promise<string> {
    const sandbox = this.sandboxes.get(sandboxId);
    if (sandbox?.state !== 'ready') throw new Error(`sandbox ${sandboxId} is not ready`);
    const container = this.build(sandbox, config);
    this.containers.set(container.id, container);
    return container.id;
  }

  async startContainer(_: Context, id: string): Promise<void> {
    await this.container(id).start();
  }

  async stopContainer(_: Context, id: string, timeoutSeconds: number): Promise<void> {
    const container = this.containers.get(id);
    await container?.stop(container.config.stopSignal ?? 'SIGTERM', timeoutSeconds);
  }

  async removeContainer(_: Context, id: string): Promise<void> {
    const container = this.containers.get(id);
    if (!container) return;
    await container.stop('SIGKILL', 0);
    this.options.shell.forget(id);
    this.containers.delete(id);
    this.tell({ type: 'deleted', sandboxId: container.parts.sandbox.id, containerId: id });
  }

  async updateContainerResources(_: Context, id: string, size: ContainerSize): Promise<void> {
    const container = this.container(id);
    if (container.state !== 'running') throw new Error(`container ${id} is not running`);
    container.size = size;
  }

  async listContainers(_: Context, sandboxId?: string): Promise<readonly ContainerStatus[]> {
    const containers = sandboxId === undefined ? [...this.containers.values()] : this.containersOf(sandboxId);
    return containers.map((container) => container.status());
  }

  async execSync(_: Context, id: string, command: readonly string[], timeoutSeconds: number): Promise<ExecResult> {
    const container = this.container(id);
    if (container.state !== 'running') throw new Error(`container ${id} is not running`);
    return await this.options.shell.exec(container, command, timeoutSeconds);
  }

  async exec(ctx: Context, id: string, command: readonly string[], streams: ContainerStreams): Promise<number> {
    const container = this.container(id);
    if (container.state !== 'running') throw new Error(`container ${id} is not running`);
    const { config, behaviour } = container.parts;
    const missing = missingCommand(command, config, behaviour);
    if (missing !== undefined)
      throw new Error(`failed to exec in container: failed to start exec "${newId()}": ${missing}`);
    return await this.options.shell.stream(container, command, streams, ctx.signal);
  }

  async attach(ctx: Context, id: string, streams: ContainerStreams): Promise<void> {
    await this.container(id).attach(streams, ctx.signal);
  }

  async pullImage(ctx: Context, image: string): Promise<string> {
    return await this.images.pull(ctx, image);
  }

  async imageStatus(_: Context, image: string): Promise<ImageStatus | undefined> {
    return this.images.status(image);
  }

  async listImages(): Promise<readonly ImageStatus[]> {
    return this.images.list();
  }

  async containerStats(_: Context, id: string): Promise<UsageStats> {
    const container = this.container(id);
    const { state, load, parts, config } = container;
    const now = this.ctx.clock.now();
    if (state !== 'running') return { cpuNanoCores: 0, cpuCoreNanoSeconds: 0, memoryBytes: 0 };
    const { behaviour, seed } = parts;
    const { startedAt = now } = container;
    return usageOf({ behaviour, seed, load, limit: config.limits.cpuMillis, startedAt }, now);
  }

  private get seed(): string {
    return `${this.options.seed ?? 'binnacle'}/${this.options.nodeName}`;
  }

  private build(sandbox: SimSandbox, config: ContainerConfig): SimContainer {
    const { options, seed } = this;
    const { metadata, hostname } = sandbox.config;
    const behaviour = this.catalogue.behaviour(config.image);
    const [id, container] = [newId(), config.metadata.name];
    const { name: pod, namespace, uid } = metadata;
    const missing = missingProgram(config, behaviour);
    const parts = {
      id,
      sandbox,
      config,
      behaviour,
      program: chooseProgram(config, behaviour, options.shell),
      title: titleOf(config, behaviour),
      identity: {
        pod,
        namespace,
        node: options.nodeName,
        container,
        image: config.image,
        ip: sandbox.self.ip,
        hostname,
      },
      network: new Network(sandbox.self, containerNameFiles(sandbox, config), options.wire),
      wire: options.wire,
      seed: `${seed}/${uid}/${container}`,
      hostIp: options.hostIp,
      execute: options.shell.exec.bind(options.shell),
      ...(missing !== undefined && { missing }),
    };
    return new SimContainer(this.ctx, parts, (type) => this.tell({ type, sandboxId: sandbox.id, containerId: id }));
  }

  private cutOff(): void {
    for (const container of this.containers.values()) container.cutOff();
    for (const sandbox of this.sandboxes.values()) sandbox.leave();
    this.containers.clear();
    this.sandboxes.clear();
  }

  private container(id: string): SimContainer {
    const container = this.containers.get(id);
    if (!container) throw new Error(`there is no container ${id}`);
    return container;
  }

  private containersOf(sandboxId: string): SimContainer[] {
    return [...this.containers.values()].filter(({ parts }) => parts.sandbox.id === sandboxId);
  }

  private tell(event: RuntimeEvent): void {
    for (const listener of this.listeners) listener(event);
  }
}

const isLocalhost = (host: string): boolean => host === 'localhost' || host === '127.0.0.1';

const newId = () => randomUUID().replaceAll('-', '').repeat(2);

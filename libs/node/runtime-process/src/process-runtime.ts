import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type {
  ContainerConfig,
  ContainerStatus,
  ExecResult,
  ImageStatus,
  PodSandboxConfig,
  PodSandboxFilter,
  PodSandboxStatus,
  RuntimeEvent,
  RuntimeService,
  RuntimeVersion,
  SocketAddress,
  UsageStats,
} from '@binnacle/node-cri';
import type { Confinement } from '@binnacle/process-lifecycle';
import { endLostProcess } from './lost-process.js';
import { approvedPod, type ManifestPlace, requireApproved, requireApprovedCommand } from './manifest-gate.js';
import { OutputGuard } from './output-guard.js';
import { ProcessContainer } from './process-container.js';
import { runCommand } from './run-command.js';
import { type ContainerRecord, type SandboxRecord, StateDirectory } from './state-directory.js';
import { UsageMeter } from './usage.js';

export interface ProcessRuntimeOptions {
  /** Where it writes down what it runs. */
  readonly directory: string;
  readonly version: string;
  /** What alone may ask for processes. */
  readonly manifests: ManifestPlace;
  /** What every container's environment starts from, for example `PATH`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Put before every command, to take privileges away. */
  readonly confinement?: Confinement;
}

const FINAL_STOP_SECONDS = 2;
/** To ask whether processes of other accounts live, and to empty files in directories of other accounts. */
const GUARD_CAPABILITIES = ['kill', 'dac_override', 'dac_read_search'];

/**
 * Runs containers as plain processes of this machine, for the control plane's own trusted static Pods: nothing is
 * isolated, so it runs nothing but what a manifest on this machine says, which it reads itself, whoever asks. Its processes
 * outlive it; the next run takes them over.
 */
export class ProcessRuntime implements RuntimeService {
  private readonly sandboxes = new Map<string, SandboxRecord>();
  private readonly containers = new Map<string, ProcessContainer>();
  private readonly listeners = new Set<(event: RuntimeEvent) => void>();
  private readonly state: StateDirectory;
  private readonly guard: OutputGuard;
  private readonly usage = new UsageMeter();

  /** The context's end leaves the processes running. */
  constructor(
    private readonly ctx: Context,
    private readonly options: ProcessRuntimeOptions,
  ) {
    this.state = new StateDirectory(options.directory);
    const containers = join(options.directory, 'containers');
    this.guard = new OutputGuard(options.directory, containers, options.confinement?.keeping(GUARD_CAPABILITIES));
    this.recover();
  }

  async version(): Promise<RuntimeVersion> {
    return { runtimeName: 'process', runtimeVersion: this.options.version };
  }

  async updateRuntimeConfig(): Promise<void> {
    // Processes use the machine's own network.
  }

  onEvent(listener: (event: RuntimeEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async runPodSandbox(ctx: Context, config: PodSandboxConfig): Promise<string> {
    if (!config.hostNetwork) throw new Error('only hostNetwork Pods can run as processes of this machine');
    const pod = await approvedPod(ctx, this.options.manifests, config.metadata);
    const record: SandboxRecord = { id: newId(), config, pod, createdAt: this.ctx.clock.now(), state: 'ready' };
    this.state.saveSandbox(record);
    this.sandboxes.set(record.id, record);
    return record.id;
  }

  async stopPodSandbox(_: Context, id: string): Promise<void> {
    const sandbox = this.sandboxes.get(id);
    if (!sandbox || sandbox.state === 'notReady') return;
    await Promise.all(this.containersOf(id).map((container) => container.stop(FINAL_STOP_SECONDS)));
    sandbox.state = 'notReady';
    this.state.saveSandbox(sandbox);
    this.tell({ type: 'stopped', sandboxId: id });
  }

  async removePodSandbox(ctx: Context, id: string): Promise<void> {
    await this.stopPodSandbox(ctx, id);
    await Promise.all(this.containersOf(id).map((container) => this.removeContainer(ctx, container.record.id)));
    this.state.removeSandbox(id);
    if (this.sandboxes.delete(id)) this.tell({ type: 'deleted', sandboxId: id });
  }

  async listPodSandboxes(_: Context, filter?: PodSandboxFilter): Promise<readonly PodSandboxStatus[]> {
    return [...this.sandboxes.values()]
      .filter(({ config }) => !filter || config.metadata.uid === filter.podUid)
      .map(({ id, config: { metadata, labels, annotations }, createdAt, state }) => {
        return { id, metadata, state, createdAt, ip: '', labels, annotations };
      });
  }

  /** Host processes share the machine's network. */
  async reach(_: Context, _sandboxId: string, host: string, port: number): Promise<SocketAddress> {
    return { host, port };
  }

  async createContainer(ctx: Context, sandboxId: string, config: ContainerConfig): Promise<string> {
    const sandbox = this.sandboxes.get(sandboxId);
    if (sandbox?.state !== 'ready') throw new Error(`sandbox ${sandboxId} is not ready`);
    if (config.command.length === 0) throw new Error('no command specified: a process has no image to take one from');
    requireApproved(await this.podOf(ctx, sandboxId), config);
    const record: ContainerRecord = {
      id: newId(),
      sandboxId,
      sandbox,
      config,
      logPath: join(sandbox.config.logDirectory, config.logPath),
      createdAt: this.ctx.clock.now(),
      state: 'created',
    };
    this.state.saveContainer(record);
    this.addContainer(record);
    return record.id;
  }

  async startContainer(_: Context, id: string): Promise<void> {
    await this.container(id).start();
  }

  async stopContainer(_: Context, id: string, timeoutSeconds: number): Promise<void> {
    await this.containers.get(id)?.stop(timeoutSeconds);
  }

  async removeContainer(_: Context, id: string): Promise<void> {
    const container = this.containers.get(id);
    if (!container) return;
    await container.stop(0);
    container.forget();
    this.state.removeContainer(id);
    this.usage.forget(id);
    this.containers.delete(id);
    this.tell({ type: 'deleted', sandboxId: container.record.sandboxId, containerId: id });
  }

  /** A process of the machine takes what it needs. */
  async updateContainerResources(): Promise<never> {
    throw new Error('a process of this machine has no size that could be changed');
  }

  async listContainers(_: Context, sandboxId?: string): Promise<readonly ContainerStatus[]> {
    const containers = sandboxId === undefined ? [...this.containers.values()] : this.containersOf(sandboxId);
    return containers.map((container) => container.status());
  }

  async execSync(ctx: Context, id: string, command: readonly string[], timeoutSeconds: number): Promise<ExecResult> {
    const container = this.container(id);
    if (container.pid === undefined) throw new Error(`container ${id} is not running`);
    const { sandboxId, config } = container.record;
    requireApprovedCommand(await this.podOf(ctx, sandboxId), config.metadata.name, command);
    return await runCommand(ctx, container.execSpec(command), timeoutSeconds);
  }

  /** What runs on the machine itself runs what its manifest says; nobody is given a shell beside it. */
  async exec(): Promise<never> {
    throw new Error('a process of this machine runs no other commands than its manifest says');
  }

  /** Its output is a file that needs no reader. */
  async attach(): Promise<never> {
    throw new Error('nobody can attach to a process of this machine; its output is in its log');
  }

  /** Images are only names here: the program is part of the installation. */
  async pullImage(_: Context, image: string): Promise<string> {
    return image;
  }

  async imageStatus(_: Context, image: string): Promise<ImageStatus> {
    return { id: image, repoTags: [image], sizeBytes: 0 };
  }

  async listImages(): Promise<readonly ImageStatus[]> {
    const images = new Set([...this.containers.values()].map((container) => container.record.config.image));
    return [...images].map((image) => ({ id: image, repoTags: [image], sizeBytes: 0 }));
  }

  async containerStats(_: Context, id: string): Promise<UsageStats> {
    const { pid } = this.container(id);
    if (pid === undefined) return { cpuNanoCores: 0, cpuCoreNanoSeconds: 0, memoryBytes: 0 };
    return this.usage.measure(id, pid, this.ctx.clock.now());
  }

  /** What the manifest says of a sandbox, looked up again where that was not written down or lost. */
  private async podOf(ctx: Context, sandboxId: string): Promise<Pod> {
    const sandbox = this.sandboxes.get(sandboxId);
    if (!sandbox) throw new Error(`there is no sandbox ${sandboxId}`);
    sandbox.pod ??= await approvedPod(ctx, this.options.manifests, sandbox.config.metadata);
    return sandbox.pod;
  }

  private container(id: string): ProcessContainer {
    const container = this.containers.get(id);
    if (!container) throw new Error(`there is no container ${id}`);
    return container;
  }

  private containersOf(sandboxId: string): ProcessContainer[] {
    return [...this.containers.values()].filter((container) => container.record.sandboxId === sandboxId);
  }

  private addContainer(record: ContainerRecord): ProcessContainer {
    const { id: containerId, sandboxId } = record;
    const changed = (type: 'started' | 'stopped') => this.tell({ type, sandboxId, containerId });
    const container = new ProcessContainer(this.ctx, this.state, record, this.options, changed);
    this.containers.set(containerId, container);
    return container;
  }

  private recover(): void {
    const { state } = this;
    for (const sandbox of state.loadSandboxes()) this.sandboxes.set(sandbox.id, sandbox);
    const records = state.loadContainers((id) => endLostProcess(this.ctx, id));
    for (const { sandboxId, sandbox } of records) {
      if (sandbox && !this.sandboxes.has(sandboxId)) this.sandboxes.set(sandboxId, sandbox);
    }
    for (const record of records) this.addContainer(record).recover();
  }

  /** Started with the first process, ended with the last. */
  private keepGuard(): void {
    const runs = [...this.containers.values()].some(({ record }) => record.state === 'running');
    if (runs) this.guard.ensure();
    else this.guard.end();
  }

  private tell(event: RuntimeEvent): void {
    if (event.containerId !== undefined && event.type !== 'deleted') this.keepGuard();
    for (const listener of this.listeners) listener(event);
  }
}

const newId = () => randomUUID().replaceAll('-', '') + randomUUID().replaceAll('-', '');

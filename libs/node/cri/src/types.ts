import type { Readable, Writable } from 'node:stream';
import type { Context } from '@binnacle/machinery-context';

/**
 * The container runtime contract, shaped like CRI runtime.v1 so that containerd's gRPC is one implementation beside the
 * simulated runtime and plain host processes. Times are nanoseconds-free: milliseconds since the epoch.
 */
export interface PodSandboxMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly attempt: number;
}

/** What `/etc/resolv.conf` of a Pod's containers says. */
export interface DnsConfig {
  readonly servers: readonly string[];
  readonly searches: readonly string[];
  /** Such as `ndots:5`. */
  readonly options: readonly string[];
}

export interface PodSandboxConfig {
  readonly metadata: PodSandboxMetadata;
  readonly hostname: string;
  readonly dns?: DnsConfig;
  /** Settings of the kernel for this Pod, by name. */
  readonly sysctls?: Readonly<Record<string, string>>;
  /** Directory the container logs are written below, in CRI log format. */
  readonly logDirectory: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly hostNetwork: boolean;
  /** The address the Pod had before, to be given again where the runtime can; only a wish. */
  readonly ip?: string;
}

export type PodSandboxState = 'ready' | 'notReady';

export interface PodSandboxStatus {
  readonly id: string;
  readonly metadata: PodSandboxMetadata;
  readonly state: PodSandboxState;
  readonly createdAt: number;
  /** Empty for hostNetwork. */
  readonly ip: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ContainerMetadata {
  readonly name: string;
  readonly attempt: number;
}

export interface ContainerResources {
  readonly cpuMillis?: number;
  readonly memoryBytes?: number;
}

/** How much of each a container may use, and how much is kept for it. */
export interface ContainerSize {
  readonly limits: ContainerResources;
  readonly requests: ContainerResources;
}

export interface Mount {
  readonly hostPath: string;
  readonly containerPath: string;
  readonly readonly: boolean;
  /** It is to be kept in memory, as a file system of its own. */
  readonly medium?: 'Memory';
}

export interface ContainerPort {
  readonly name?: string;
  readonly containerPort: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly hostPort?: number;
  readonly hostIP?: string;
}

export interface ContainerConfig {
  readonly metadata: ContainerMetadata;
  readonly image: string;
  /** Entry point; empty means the image's own. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly workingDir?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** Declared ports; the simulated runtime listens on them. */
  readonly ports: readonly ContainerPort[];
  /** Relative to the sandbox's log directory. */
  readonly logPath: string;
  readonly limits: ContainerResources;
  readonly requests: ContainerResources;
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  /** Nothing outside of its mounts may be written. */
  readonly readonlyRootFilesystem?: boolean;
  /** Name of the signal that asks the container to stop, for example `SIGINT`; `SIGTERM` unless said otherwise. */
  readonly stopSignal?: string;
  readonly stdin: boolean;
  /** Its input ends when whoever first attached to it goes. */
  readonly stdinOnce?: boolean;
  readonly tty: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export type ContainerState = 'created' | 'running' | 'exited' | 'unknown';

export interface ContainerStatus {
  readonly id: string;
  readonly sandboxId: string;
  readonly metadata: ContainerMetadata;
  readonly state: ContainerState;
  readonly createdAt: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly exitCode?: number;
  /** `Completed`, `Error`, `OOMKilled`, `StartError`, … */
  readonly reason?: string;
  readonly message?: string;
  readonly image: string;
  readonly imageRef: string;
  readonly logPath: string;
  /** What it has; left out where the runtime does not know. */
  readonly size?: ContainerSize;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface ImageStatus {
  readonly id: string;
  readonly repoTags: readonly string[];
  readonly sizeBytes: number;
}

export interface UsageStats {
  readonly cpuNanoCores: number;
  /** CPU time since the container began. */
  readonly cpuCoreNanoSeconds: number;
  readonly memoryBytes: number;
}

export type RuntimeEvent = {
  readonly type: 'started' | 'stopped' | 'deleted';
  readonly sandboxId: string;
  readonly containerId?: string;
};

export interface RuntimeVersion {
  readonly runtimeName: string;
  readonly runtimeVersion: string;
}

export interface PodSandboxFilter {
  readonly podUid: string;
}

export interface RuntimeConfig {
  /** The node's own part of the Pod network, for example `10.244.1.0/24`. */
  readonly podCidr: string;
}

export interface PodSandboxRuntime {
  runPodSandbox(ctx: Context, config: PodSandboxConfig): Promise<string>;
  /** Idempotent; kills what still runs in it. */
  stopPodSandbox(ctx: Context, id: string): Promise<void>;
  removePodSandbox(ctx: Context, id: string): Promise<void>;
  listPodSandboxes(ctx: Context, filter?: PodSandboxFilter): Promise<readonly PodSandboxStatus[]>;
}

/** What is really dialled. */
export interface SocketAddress {
  readonly host: string;
  readonly port: number;
}

export interface SandboxNetwork {
  /**
   * Where this process dials what a sandbox's node would dial as `host` and `port`: an address of the Pod network or any other, or
   * `localhost`. Rejects with a code as the system gives (`ECONNREFUSED`, `EHOSTUNREACH`, `ENOTFOUND`) where the node must not
   * go or finds nothing.
   */
  reach(ctx: Context, sandboxId: string, host: string, port: number): Promise<SocketAddress>;
}

export interface ContainerRuntime {
  createContainer(ctx: Context, sandboxId: string, config: ContainerConfig): Promise<string>;
  /** A start that fails leaves the container exited with reason `StartError`, and rejects. */
  startContainer(ctx: Context, id: string): Promise<void>;
  /** SIGTERM, then SIGKILL after `timeoutSeconds`. Idempotent. */
  stopContainer(ctx: Context, id: string, timeoutSeconds: number): Promise<void>;
  removeContainer(ctx: Context, id: string): Promise<void>;
  listContainers(ctx: Context, sandboxId?: string): Promise<readonly ContainerStatus[]>;
  /** Gives a container that runs another size, without a new start. */
  updateContainerResources(ctx: Context, id: string, size: ContainerSize): Promise<void>;
}

/** The command ran longer than it was given. */
export class ExecTimeoutError extends Error {
  override readonly name = 'ExecTimeoutError';
}

/** Rejects with `ExecTimeoutError` when time runs out; 0 seconds means no limit. */
export interface ExecRuntime {
  execSync(ctx: Context, id: string, command: readonly string[], timeoutSeconds: number): Promise<ExecResult>;
}

export interface TerminalSize {
  /** Columns. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
}

/** What a command, or whoever attaches to a container, is connected to. */
export interface ContainerStreams {
  readonly stdin?: Readable;
  readonly stdout?: Writable;
  /** Never beside a terminal, whose output all goes to stdout. */
  readonly stderr?: Writable;
  readonly tty: boolean;
  /** Calls back with the terminal's size: at once where it is known, and whenever it changes. */
  onResize(listener: (size: TerminalSize) => void): void;
}

/** Both end when the context aborts, as they do when the container ends. The streams are the caller's to end. */
export interface StreamingRuntime {
  /** Resolves with the exit code when all output has been written; rejects where the command cannot be started. */
  exec(ctx: Context, id: string, command: readonly string[], streams: ContainerStreams): Promise<number>;
  /** Connects to the container's own program; what it said before is not told. Resolves when it has ended. */
  attach(ctx: Context, id: string, streams: ContainerStreams): Promise<void>;
}

/** Why an image cannot be had; the reasons are those a container's waiting state shows. */
export class ImagePullError extends Error {
  override readonly name = 'ImagePullError';

  constructor(
    readonly reason: 'ErrImagePull' | 'ErrImageNeverPull' | 'InvalidImageName',
    message: string,
  ) {
    super(message);
  }
}

export interface ImageService {
  /** Answers the image reference; rejects when it cannot be had. */
  pullImage(ctx: Context, image: string): Promise<string>;
  imageStatus(ctx: Context, image: string): Promise<ImageStatus | undefined>;
  listImages(ctx: Context): Promise<readonly ImageStatus[]>;
}

export interface RuntimeService
  extends PodSandboxRuntime,
    SandboxNetwork,
    ContainerRuntime,
    ExecRuntime,
    StreamingRuntime,
    ImageService {
  version(ctx: Context): Promise<RuntimeVersion>;
  /** Told whenever the node's network configuration becomes known or changes. */
  updateRuntimeConfig(ctx: Context, config: RuntimeConfig): Promise<void>;
  containerStats(ctx: Context, id: string): Promise<UsageStats>;
  /** Calls back on every change of state, so that nobody has to poll. Answers how to stop. */
  onEvent(listener: (event: RuntimeEvent) => void): () => void;
}

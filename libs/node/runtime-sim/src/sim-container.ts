import { join } from 'node:path';
import { type Context, sleep, withSignal } from '@binnacle/machinery-context';
import {
  type ContainerConfig,
  ContainerLogWriter,
  type ContainerSize,
  type ContainerState,
  type ContainerStatus,
  type ContainerStreams,
  type ExecResult,
  type LogStream,
} from '@binnacle/node-cri';
import { Attachments } from './attachments.js';
import type { ImageBehaviour } from './catalogue/types.js';
import { isOpenedAtNode } from './host-ports.js';
import { Load } from './load.js';
import { Listeners } from './programs/listeners.js';
import type { Network } from './network/network.js';
import type { Wire } from './network/wire.js';
import type { DatagramHandler, Identity, Process, Program, RunningProgram } from './programs/program.js';
import { within } from './random.js';
import { sandboxFiles, type SimSandbox } from './sim-sandbox.js';
import type { RunConsole } from './terminal/run-console.js';

const START_ERROR_EXIT_CODE = 128;
const NANOS_PER_MILLISECOND = 1_000_000;
const SIGTERM_EXIT_CODE = 143;
const SIGKILL_EXIT_CODE = 137;

export interface ContainerParts {
  readonly id: string;
  readonly sandbox: SimSandbox;
  readonly config: ContainerConfig;
  readonly behaviour: ImageBehaviour;
  readonly program: Program;
  /** Its command line, as `ps` shows it. */
  readonly title: string;
  /** What is said where the program is not in the image. */
  readonly missing?: string;
  readonly identity: Identity;
  readonly network: Network;
  readonly wire: Wire;
  readonly seed: string;
  /** The node's own address, where host ports are opened. */
  readonly hostIp: string;
  /** Runs another program beside its own. */
  readonly execute: (process: Process, words: readonly string[], timeoutSeconds: number) => Promise<ExecResult>;
}

/** One simulated container: a program of this library that holds sockets and writes a log, but no process. */
export class SimContainer implements Process {
  readonly ctx: Context;
  readonly logPath: string;
  state: ContainerState = 'created';
  size: ContainerSize;
  readonly createdAt: number;
  startedAt: number | undefined;
  private finishedAt: number | undefined;
  private exitCode: number | undefined;
  private reason: string | undefined;
  private message: string | undefined;
  private running: RunningProgram | undefined;
  private logWriter: ContainerLogWriter | undefined;
  private readonly listeners: Listeners;
  private readonly attachments: Attachments;
  /** What it has been asked so far. */
  readonly load = new Load();
  private ending = false;
  private readonly life = new AbortController();
  private readonly waiters: Array<() => void> = [];

  constructor(
    private readonly node: Context,
    readonly parts: ContainerParts,
    private readonly changed: (type: 'started' | 'stopped') => void,
  ) {
    this.ctx = withSignal(node, this.life.signal);
    this.createdAt = node.clock.now();
    const { limits, requests } = parts.config;
    this.size = { limits, requests };
    this.listeners = new Listeners(parts.wire, parts.sandbox.self);
    this.attachments = new Attachments(parts.config, (stream, bytes) => this.say(stream, bytes));
    this.logPath = join(parts.sandbox.config.logDirectory, parts.config.logPath);
  }

  get id(): string {
    return this.parts.id;
  }

  get identity(): Identity {
    return this.parts.identity;
  }

  get config(): ContainerConfig {
    return this.parts.config;
  }

  get network(): Network {
    return this.parts.network;
  }

  /** Resolves when the program runs; what it does later, it does by itself. Rejects where there is no such program. */
  async start(): Promise<void> {
    const { behaviour, seed, config, missing } = this.parts;
    await sleep(this.ctx, within(behaviour.startMilliseconds, seed, config.metadata.attempt, 'start'));
    if (missing !== undefined) this.failToStart(missing);
    this.state = 'running';
    this.startedAt = this.node.clock.now();
    // What is quick to start listens before anybody is told, so that a first probe finds it.
    if (!behaviour.warmUpMilliseconds) await this.runProgram();
    if (!this.ending) this.changed('started');
    if (behaviour.warmUpMilliseconds) void this.runProgram();
  }

  log(stream: LogStream, text: string): void {
    this.say(stream, Buffer.from(text));
  }

  worked(): void {
    const { requestCpuMilliseconds = 1 } = this.parts.behaviour;
    this.load.add(requestCpuMilliseconds * NANOS_PER_MILLISECOND, this.node.clock.now());
  }

  get console(): RunConsole {
    return this.attachments.console;
  }

  get files(): Readonly<Record<string, string>> {
    const { behaviour, sandbox } = this.parts;
    return { ...behaviour.files, ...sandboxFiles(sandbox) };
  }

  get title(): string {
    return this.parts.title;
  }

  /** Resolves when the container ends or the signal aborts. */
  async attach(streams: ContainerStreams, signal: AbortSignal): Promise<void> {
    await this.attachments.attach(streams, signal);
  }

  async listenTcp(port: number, handler: Parameters<Process['listenTcp']>[1]): Promise<void> {
    const { identity, config, hostIp } = this.parts;
    await this.listeners.tcp({ ip: identity.ip, port }, handler);
    const onHost = config.ports.find((each) => each.containerPort === port && each.hostPort && each.protocol === 'TCP');
    if (onHost?.hostPort && identity.ip !== hostIp && isOpenedAtNode(onHost.hostIP, hostIp))
      await this.listeners.tcp({ ip: hostIp, port: onHost.hostPort, containerPort: port }, handler);
  }

  async listenUdp(port: number, handler: DatagramHandler): Promise<void> {
    await this.listeners.udp(this.parts.identity.ip, port, handler);
  }

  async run(words: readonly string[], timeoutSeconds: number): Promise<ExecResult> {
    return await this.parts.execute(this, words, timeoutSeconds);
  }

  exit(code: number, message?: string): void {
    if (!this.ending) this.message = message || undefined;
    this.finish(code, code === 0 ? 'Completed' : 'Error');
  }

  /** Asks the program to end; one that does not care about signals is ended by them. */
  async stop(signal: string, timeoutSeconds: number): Promise<void> {
    if (this.state === 'exited') return;
    const cancel = this.node.clock.after(timeoutSeconds * 1000, () => this.finish(SIGKILL_EXIT_CODE, 'Error'));
    const ended = new Promise<void>((resolve) => void this.waiters.push(resolve));
    if (this.running?.signalled) this.running.signalled(signal);
    else this.exit(SIGTERM_EXIT_CODE);
    await ended;
    cancel();
  }

  /** As when the node loses its power: nothing is written, nobody is told. */
  cutOff(): void {
    this.life.abort(new Error('the node lost its power'));
    this.listeners.close();
    this.attachments.close();
  }

  status(): ContainerStatus {
    const { id, sandbox, config } = this.parts;
    const { state, createdAt, startedAt, finishedAt, exitCode, reason, message, logPath, size } = this;
    const { metadata, image, labels, annotations } = config;
    // A container has ended when its log is whole, not before.
    const ended = state === 'exited' ? { finishedAt, exitCode, reason, message } : {};
    return {
      id,
      sandboxId: sandbox.id,
      metadata,
      state,
      createdAt,
      startedAt,
      ...ended,
      image,
      imageRef: image,
      logPath,
      size,
      labels,
      annotations,
    };
  }

  private async runProgram(): Promise<void> {
    const { behaviour, seed, config, program } = this.parts;
    try {
      const { warmUpMilliseconds } = behaviour;
      if (warmUpMilliseconds)
        await sleep(this.ctx, within(warmUpMilliseconds, seed, config.metadata.attempt, 'warm-up'));
      this.running = await program(this);
    } catch (error) {
      if (this.life.signal.aborted) return;
      this.log('stderr', `fatal: ${error instanceof Error ? error.message : String(error)}\n`);
      this.finish(1, 'Error');
    }
  }

  private say(stream: LogStream, bytes: Buffer): void {
    this.logWriter ??= new ContainerLogWriter(this.node, this.logPath);
    this.logWriter.write(stream, bytes.toString());
    this.attachments.tell(stream, bytes);
  }

  private failToStart(message: string): never {
    this.message = message;
    this.finish(START_ERROR_EXIT_CODE, 'StartError');
    throw new Error(message);
  }

  private finish(code: number, reason: string): void {
    if (this.ending) return;
    this.ending = true;
    this.finishedAt = this.node.clock.now();
    this.startedAt ??= this.finishedAt;
    [this.exitCode, this.reason] = [code, reason];
    this.life.abort(new Error('the container has ended'));
    this.listeners.close();
    void this.settle();
  }

  private async settle(): Promise<void> {
    await this.logWriter?.close();
    this.attachments.close();
    this.state = 'exited';
    this.changed('stopped');
    for (const resolve of this.waiters.splice(0)) resolve();
  }
}

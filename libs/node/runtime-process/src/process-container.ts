import type { Context } from '@binnacle/machinery-context';
import { type ContainerStatus, ContainerLogWriter } from '@binnacle/node-cri';
import { HostProcess, type ProcessExit, type ProcessSpec } from './host-process.js';
import { OutputPipes } from './output-pipes.js';
import { findByEnvironment, isAlive } from './process-identity.js';
import type { ContainerRecord, StateDirectory } from './state-directory.js';

const ID_VARIABLE = 'BINNACLE_CONTAINER_ID';
const START_ERROR_EXIT_CODE = 128;

/** One container: a record on disk and, while it runs, a process of this machine. */
export class ProcessContainer {
  private running: { readonly process: HostProcess; readonly ended: Promise<void> } | undefined;

  constructor(
    private readonly ctx: Context,
    private readonly state: StateDirectory,
    readonly record: ContainerRecord,
    private readonly baseEnvironment: Readonly<Record<string, string>>,
    private readonly changed: (type: 'started' | 'stopped') => void,
  ) {}

  /** Takes over what an earlier run left: its process where it still lives, else the fact that it ended. */
  recover(): void {
    const { record } = this;
    if (record.starting && !record.process) record.process = findByEnvironment(`${ID_VARIABLE}=${record.id}`);
    if (record.process && isAlive(record.process) && record.state !== 'exited') {
      record.startedAt ??= this.ctx.clock.now();
      this.enterRunning(HostProcess.adopt(this.ctx, record.process), this.pipes());
    } else if (record.state === 'running' || record.starting) this.finish({ exitCode: 255, reason: 'Unknown' });
  }

  async start(): Promise<void> {
    const { record } = this;
    if (record.state !== 'created') throw new Error(`container ${record.id} was started before`);
    record.starting = true;
    this.state.saveContainer(record);
    const pipes = this.pipes();
    try {
      const process = await pipes.withWriters((stdout, stderr) => HostProcess.spawn(this.spec(), stdout, stderr));
      record.startedAt = this.ctx.clock.now();
      this.enterRunning(process, pipes);
    } catch (error) {
      pipes.close();
      const message = `failed to start container "${record.config.metadata.name}": ${(error as Error).message}`;
      record.startedAt = this.ctx.clock.now();
      this.finish({ exitCode: START_ERROR_EXIT_CODE, reason: 'StartError' }, message);
      throw new Error(message, { cause: error });
    }
  }

  async stop(timeoutSeconds: number): Promise<void> {
    const { running } = this;
    if (!running) return;
    running.process.signal((this.record.config.stopSignal ?? 'SIGTERM') as NodeJS.Signals);
    const cancel = this.ctx.clock.after(timeoutSeconds * 1000, () => running.process.killGroup());
    await running.ended;
    cancel();
  }

  /** What a command run beside the container is given. */
  execSpec(command: readonly string[]): ProcessSpec {
    const { config } = this.record;
    return { ...config, command, env: { ...this.baseEnvironment, ...config.env } };
  }

  get pid(): number | undefined {
    return this.running?.process.identity.pid;
  }

  status(): ContainerStatus {
    const { id, sandboxId, config, logPath, createdAt, state } = this.record;
    const { startedAt, finishedAt, exitCode, reason, message } = this.record;
    const { metadata, image, labels, annotations } = config;
    const ended = { finishedAt, exitCode, reason, message };
    return {
      id,
      sandboxId,
      metadata,
      state,
      createdAt,
      startedAt,
      ...ended,
      image,
      imageRef: image,
      logPath,
      labels,
      annotations,
    };
  }

  private spec(): ProcessSpec {
    const { config, id } = this.record;
    const env = { ...this.baseEnvironment, ...config.env, [ID_VARIABLE]: id };
    return { ...config, command: [...config.command, ...config.args], env };
  }

  private pipes(): OutputPipes {
    const log = new ContainerLogWriter(this.ctx, this.record.logPath);
    return OutputPipes.create(this.state.containerDirectory(this.record.id), log);
  }

  private enterRunning(process: HostProcess, pipes: OutputPipes): void {
    this.record.process = process.identity;
    this.record.state = 'running';
    this.record.starting = false;
    this.state.saveContainer(this.record);
    this.running = { process, ended: this.watch(process, pipes) };
    this.changed('started');
  }

  private async watch(process: HostProcess, pipes: OutputPipes): Promise<void> {
    const exit = await process.exited;
    process.killGroup();
    await pipes.drain();
    this.running = undefined;
    this.finish(exit);
  }

  private finish(exit: ProcessExit, message?: string): void {
    Object.assign(this.record, exit, { state: 'exited', starting: false, message, finishedAt: this.ctx.clock.now() });
    this.state.saveContainer(this.record);
    this.changed('stopped');
  }
}

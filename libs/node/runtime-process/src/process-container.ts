import type { Context } from '@binnacle/machinery-context';
import type { Confinement } from '@binnacle/process-lifecycle';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ContainerStatus } from '@binnacle/node-cri';
import { ContainerOutput } from './container-output.js';
import { HostProcess, type ProcessExit, type ProcessSpec } from './host-process.js';
import { emptyLeftPipes } from './left-pipes.js';
import { findByEnvironment, isAlive, type ProcessIdentity } from './process-identity.js';
import { oomScoreOf, setOomScore } from './oom-score.js';
import type { ContainerRecord, StateDirectory } from './state-directory.js';

/** Tells whose a process is. */
export const ID_VARIABLE = 'BINNACLE_CONTAINER_ID';
const START_ERROR_EXIT_CODE = 128;
/** For a container of an earlier release to stop in order. */
const LEFT_PIPES_STOP_SECONDS = 30;
const SAVE_AGAIN_MILLISECONDS = 1000;

/** What every process of this machine gets. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string>>;
  readonly confinement?: Confinement;
}

/** One container: a record on disk and, while it runs, a process of this machine. */
export class ProcessContainer {
  private running: { readonly process: HostProcess; readonly ended: Promise<void> } | undefined;
  private unsaved = false;
  private cancelSave = () => {};

  constructor(
    private readonly ctx: Context,
    private readonly state: StateDirectory,
    readonly record: ContainerRecord,
    private readonly surroundings: Surroundings,
    private readonly changed: (type: 'started' | 'stopped') => void,
  ) {}

  /** Takes over what an earlier run left: its process where it still lives, else the fact that it ended. */
  recover(): void {
    const { record } = this;
    // Also where nothing says that it was started: on a full disk that is not written down.
    if (record.state === 'created') record.process ??= findByEnvironment(`${ID_VARIABLE}=${record.id}`);
    if (record.process && isAlive(record.process) && record.state !== 'exited') this.takeOver(record.process);
    else if (record.state === 'running' || record.starting) this.endUnseen();
  }

  /** It ended while no runtime lived: nobody knows how, nor when, but not before what it wrote last. */
  private endUnseen(): void {
    const { id, startedAt = this.record.createdAt } = this.record;
    const signs = ['stdout.raw', 'stderr.raw'].map((name) =>
      Math.floor(statSync(join(this.state.containerDirectory(id), name), { throwIfNoEntry: false })?.mtimeMs ?? 0),
    );
    const finishedAt = Math.min(this.ctx.clock.now(), Math.max(startedAt, ...signs));
    this.drainLeft();
    this.finish({ exitCode: 255, reason: 'Unknown' }, undefined, finishedAt);
  }

  /** Its last words are what somebody will look for. */
  private drainLeft(): void {
    try {
      void this.output().drain();
    } catch (error) {
      this.ctx.logger.warn('the last output of a container is lost', { id: this.record.id, error });
    }
  }

  async start(): Promise<void> {
    const { record } = this;
    if (record.state !== 'created') throw new Error(`container ${record.id} was started before`);
    record.starting = true;
    this.save();
    let output: ContainerOutput | undefined;
    try {
      output = this.output();
      const process = await output.withWriters((stdout, stderr) => HostProcess.spawn(this.spec(), stdout, stderr));
      record.startedAt = this.ctx.clock.now();
      this.enterRunning(process, output);
    } catch (error) {
      output?.close();
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
    const env = { ...this.surroundings.environment, ...config.env };
    return this.confined({ ...config, command, env });
  }

  /** Forgets what was still to be written down. */
  forget(): void {
    this.cancelSave();
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
    const env = { ...this.surroundings.environment, ...config.env, [ID_VARIABLE]: id };
    return this.confined({ ...config, command: [...config.command, ...config.args], env });
  }

  private confined(spec: ProcessSpec): ProcessSpec {
    const { own = [], other } = this.surroundings.confinement ?? {};
    const { runAsUser: uid, runAsGroup: gid, command, ...rest } = spec;
    if (uid === undefined) return { ...spec, command: [...own, ...command] };
    return other ? { ...rest, command: [...other({ uid, gid }), ...command] } : spec;
  }

  private output(): ContainerOutput {
    return ContainerOutput.open(this.ctx, this.state.containerDirectory(this.record.id), this.record.logPath);
  }

  private takeOver(identity: ProcessIdentity): void {
    const process = HostProcess.adopt(this.ctx, identity);
    this.record.startedAt ??= this.ctx.clock.now();
    const close = emptyLeftPipes(this.state.containerDirectory(this.record.id));
    this.enterRunning(process, this.output());
    if (!close) return;
    this.ctx.logger.info('a container of an earlier release is started anew', { container: this.record.id });
    void this.stop(LEFT_PIPES_STOP_SECONDS).finally(close);
  }

  private enterRunning(process: HostProcess, output: ContainerOutput): void {
    this.record.process = process.identity;
    this.record.state = 'running';
    this.record.starting = false;
    this.save();
    this.tellGuard(process.identity.pid);
    setOomScore(process.identity.pid, oomScoreOf(this.record.sandbox?.pod));
    this.running = { process, ended: this.watch(process, output) };
    this.changed('started');
  }

  private async watch(process: HostProcess, output: ContainerOutput): Promise<void> {
    const exit = await process.exited;
    process.killGroup();
    await output.drain();
    this.running = undefined;
    this.finish(exit);
  }

  private finish(exit: ProcessExit, message?: string, finishedAt = this.ctx.clock.now()): void {
    Object.assign(this.record, exit, { state: 'exited', starting: false, message, finishedAt });
    this.save();
    this.changed('stopped');
  }

  /** What happened has happened: where the disk takes no record of it now, it will later. */
  private save(): void {
    this.cancelSave();
    try {
      this.state.saveContainer(this.record);
      this.unsaved = false;
    } catch (error) {
      if (!this.unsaved) this.ctx.logger.warn('a container record cannot be written', { id: this.record.id, error });
      this.unsaved = true;
      this.cancelSave = this.ctx.clock.after(SAVE_AGAIN_MILLISECONDS, () => this.save());
    }
  }

  /** Whom the guard of the output takes for alive. */
  private tellGuard(pid: number): void {
    try {
      writeFileSync(join(this.state.containerDirectory(this.record.id), 'pid'), `${pid}\n`);
    } catch {
      // The disk is full: the guard may end early, and the next start makes another.
    }
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

const LAST_WORDS = 4_000;
const MOST_PATIENCE_MILLISECONDS = 20_000;

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Hears everything the program writes to its standard error. */
  readonly hear?: (text: string) => void;
}

/** A program of upstream's. One that ends before it is asked to is told with what it said last. */
export class Program {
  private said = '';
  private readonly child: ChildProcess;

  constructor(
    private readonly path: string,
    flags: readonly string[],
    { env, hear }: ProgramOptions = {},
  ) {
    const stdio = ['ignore', 'ignore', 'pipe'] as const;
    this.child = spawn(path, flags, { stdio: [...stdio], env: { ...process.env, ...env } });
    this.child.on('error', (error) => {
      this.said = error.message;
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      hear?.(String(chunk));
      this.said = (this.said + String(chunk)).slice(-LAST_WORDS);
    });
  }

  /** Its process id; undefined where it could not be started. */
  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Throws where it does not run any more. */
  check(): void {
    if (!this.runs()) throw new Error(`${this.path} does not run: ${this.said}`);
  }

  /** Asks it to end and waits until it has; one that does not listen is killed. */
  async end(): Promise<void> {
    if (!this.runs()) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const impatience = setTimeout(() => this.child.kill('SIGKILL'), MOST_PATIENCE_MILLISECONDS);
    await ended;
    clearTimeout(impatience);
  }

  private runs(): boolean {
    return this.child.pid !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }
}

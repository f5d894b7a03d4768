import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { ClientConfig } from '@binnacle/client-rest';

/** How to connect to a server, and what its workers are given. PEM texts. */
export interface ServerMessage {
  readonly admin: ClientConfig;
  /** By the program's name. */
  readonly workers: Readonly<Record<string, ClientConfig>>;
  /** Signs tokens of service accounts. */
  readonly tokenKey: string;
}

/** An API server in a process of its own. */
export interface BenchServer extends ServerMessage {
  readonly pid: number;
  close(): Promise<void>;
}

/** As `binnacle up` starts it. */
const FLAGS = ['--max-semi-space-size=32'];

async function closed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}

export async function startBenchServer(): Promise<BenchServer> {
  const child = fork(join(import.meta.dirname, 'server-process.js'), {
    execArgv: FLAGS,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const failed = once(child, 'exit').then(() => {
    throw new Error('the API server has ended');
  });
  const [message] = (await Promise.race([once(child, 'message'), failed])) as [ServerMessage];
  failed.catch(() => undefined);
  return { ...message, pid: child.pid ?? 0, close: () => closed(child) };
}

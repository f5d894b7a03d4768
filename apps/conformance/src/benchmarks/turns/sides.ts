import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { type BenchServer, startBenchServer } from './server.js';
import type { Side } from './worker.js';

/** Ours, and upstream's where there is a path of one; `only` names one of the two. */
export function sidesOf(path: string | undefined, only = ''): readonly Side[] {
  const all: readonly Side[] = [{ name: 'ours' }, ...(path ? [{ name: 'theirs', path } as const] : [])];
  return all.filter(({ name }) => name.startsWith(only));
}

export interface Bench {
  readonly ctx: Context;
  readonly server: BenchServer;
  /** As an administrator. */
  readonly client: KubeClient;
}

/** Lets `act` measure on an API server of its own. */
export async function onBench<T>(act: (bench: Bench) => Promise<T>): Promise<T> {
  const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
  const server = await startBenchServer();
  const client = createKubeClient({ ...server.admin, userAgent: 'benchmark' });
  try {
    return await act({ ctx, server, client });
  } finally {
    await client.close();
    await server.close();
  }
}

import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { type BenchServer, startBenchServer } from './server.js';
import type { Side } from './worker.js';

export interface Chosen {
  /** Names one of the sides. */
  readonly side?: string | undefined;
  /** A folder for processor profiles of ours. */
  readonly profiles?: string | undefined;
}

/** Ours, and upstream's where there is a path of one. */
export function sidesOf(path: string | undefined, { side = '', profiles }: Chosen = {}): readonly Side[] {
  const ours: Side = { name: 'ours', ...(profiles && { profiles }) };
  const all: readonly Side[] = [ours, ...(path ? [{ name: 'theirs', path } as const] : [])];
  return all.filter(({ name }) => name.startsWith(side));
}

/** Ours, and ours with flags that leave out what is to be weighed. */
export const withAndWithout = (flags: readonly string[]): readonly Side[] => [
  { name: 'ours' },
  { name: 'plain', flags },
];

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

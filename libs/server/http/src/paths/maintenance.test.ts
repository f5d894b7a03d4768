import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { ClusterDirectory } from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { expect, test, vi } from 'vitest';
import { maintain } from './maintenance.js';

const A_ROUND = 3 * 60_000;

/** A store that says of a cluster that it is loaded whenever it is read, as a cache does of one at rest. */
class RestingStorage extends MemoryStorage {
  private readonly loadListeners = new Set<(cluster: string) => void>();

  onLoad(listener: (cluster: string) => void) {
    this.loadListeners.add(listener);
    return () => this.loadListeners.delete(listener);
  }

  watched() {
    return [];
  }

  load(cluster: string): void {
    for (const listener of this.loadListeners) listener(cluster);
  }
}

async function setUp() {
  const stop = new AbortController();
  const clock = new FakeClock();
  const ctx = { clock, logger: silentLogger, signal: stop.signal };
  const storage = new RestingStorage();
  const directory = new ClusterDirectory(ctx, storage);
  await directory.start();
  const repair = vi.fn(async (_: unknown, cluster: string) => storage.load(cluster));
  const running = maintain(ctx, storage, directory, { repair });
  const round = async (calls: number) => {
    clock.step(A_ROUND);
    await vi.waitFor(() => expect(repair).toHaveBeenCalledTimes(calls));
  };
  const end = async () => {
    stop.abort(new Error('the test is over'));
    await running;
    directory.stop();
  };
  return { storage, repair, round, end, clock };
}

test('a cluster that was used is looked at once, and not again because of that', async () => {
  const { storage, repair, round, end } = await setUp();
  storage.load('lab');
  await round(1);
  expect(repair.mock.calls[0]?.[1]).toBe('lab');
  storage.load('other');
  await round(2);
  expect(repair.mock.calls[1]?.[1]).toBe('other');
  storage.load('lab');
  await round(3);
  await end();
});

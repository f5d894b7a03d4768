import { describe, expect, it } from 'vitest';
import { Bench, runStorageSuite, testContext } from '../suite/index.js';
import { MemoryStorage } from './memory-storage.js';

runStorageSuite('MemoryStorage', async () => {
  const storage = new MemoryStorage();
  return { storage, reader: storage, close: () => storage.close() };
});

describe('MemoryStorage', () => {
  it('tells who listens to a resource of its changes', async () => {
    const [ctx, storage] = [testContext(), new MemoryStorage()];
    await storage.createCluster(ctx, 'main');
    const bench = new Bench(ctx, { storage, reader: storage, close: async () => storage.close() }, 'main');
    const told: string[] = [];
    const stop = storage.onChange('pods', (cluster) => told.push(cluster));
    const pod = await bench.create('a');
    await bench.create('other', { resource: 'services' });
    await bench.remove(await bench.update(pod));
    expect(told).toEqual(['main', 'main', 'main']);
    stop();
    await bench.create('b');
    expect(told).toHaveLength(3);
    storage.close();
  });
});

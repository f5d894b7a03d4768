import { afterAll, beforeAll, describe } from 'vitest';
import { changeTests } from './changes.js';
import { clusterTests } from './clusters.js';
import { Bench, type MakeStorage, type StorageUnderTest, testContext } from './fixture.js';
import { historyTests } from './history.js';
import { listTests } from './lists.js';
import { watchTests } from './watches.js';
import { writeTests } from './writes.js';

export { ALICE, Bench, type MakeStorage, type StorageUnderTest, testContext, WatchReader } from './fixture.js';

/** What every implementation of the store promises. `makeStorage` is called once; each test has a cluster of its own. */
export function runStorageSuite(name: string, makeStorage: MakeStorage): void {
  describe(name, { timeout: 60_000 }, () => {
    const ctx = testContext();
    let under: StorageUnderTest;
    let count = 0;
    beforeAll(async () => {
      under = await makeStorage(ctx);
    }, 60_000);
    afterAll(() => under.close());

    const bench = async (): Promise<Bench> => {
      count += 1;
      const cluster = `suite-${count}`;
      await under.storage.createCluster(ctx, cluster);
      return new Bench(ctx, under, cluster);
    };
    writeTests(bench);
    listTests(bench);
    watchTests(bench);
    historyTests(bench);
    changeTests(bench);
    clusterTests(bench);
  });
}

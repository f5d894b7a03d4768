import { systemClock } from '@binnacle/process-lifecycle';
import {
  type ChangeFilter,
  isStorageError,
  MemoryStorage,
  type Storage,
  type StoredObject,
} from '@binnacle/server-storage';
import { Bench, testContext } from '@binnacle/server-storage/suite';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createPostgresStorage } from './create-postgres-storage.js';
import type { PostgresStorage } from './postgres-storage.js';
import { type FreshDatabase, freshDatabase } from './testing/index.js';

vi.setConfig({ testTimeout: 120_000 });

const ctx = { ...testContext(), clock: systemClock };
let database: FreshDatabase;
let postgres: PostgresStorage;
beforeAll(async () => {
  database = await freshDatabase();
  postgres = await createPostgresStorage(ctx, { databaseUrl: database.url, retention: false });
}, 60_000);
afterAll(async () => {
  await postgres.close();
  await database.drop();
});

const step = fc.record({
  op: fc.constantFrom('create', 'update', 'remove', 'stale', 'compact'),
  name: fc.constantFrom('a', 'b', 'ä', 'a-b'),
  namespace: fc.constantFrom('x', 'x-y', ''),
  resource: fc.constantFrom('pods', 'apps/pods', 'pods.x'),
  text: fc.string({ unit: 'grapheme', maxLength: 5 }),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A store and what its objects are at, so that writes can be made with the revision that they expect. */
class Side {
  private readonly bench: Bench;
  private readonly known = new Map<string, StoredObject>();

  constructor(
    readonly storage: Storage,
    readonly cluster: string,
  ) {
    this.bench = new Bench(ctx, { storage, reader: storage, close: async () => undefined }, cluster);
  }

  /** Does one thing and says what came of it. */
  async take({ op, name, namespace, resource, text }: Step): Promise<string> {
    const shape = { namespace, resource, text, labels: { text: name } };
    const id = JSON.stringify([resource, namespace, name]);
    const known = this.known.get(id) ?? {
      key: this.bench.key(name, shape),
      revision: 1,
      body: Buffer.of(),
      attributes: { labels: {}, fields: {} },
    };
    try {
      if (op === 'compact') {
        await this.storage.compact(ctx, this.cluster, Math.floor((await this.storage.revision(ctx, this.cluster)) / 2));
        return 'compacted';
      }
      if (op === 'remove') {
        const { revision } = await this.bench.remove(known);
        this.known.delete(id);
        return `removed at ${revision}`;
      }
      const expected = op === 'stale' ? { ...known, revision: known.revision + 1_000 } : known;
      const stored = await (op === 'create' ? this.bench.create(name, shape) : this.bench.update(expected, shape));
      this.known.set(id, stored);
      return `${op} ${stored.revision}`;
    } catch (error) {
      if (isStorageError(error, 'unavailable')) throw error;
      return String((error as { code?: string }).code);
    }
  }
}

const lineOf = ({ key, revision, body, attributes }: StoredObject): string =>
  `${key.resource}|${key.namespace}|${key.name}@${revision} ${body.toString()} ${JSON.stringify(attributes)}`;
const codeOf = (error: unknown): string => `error ${(error as { code?: string }).code}`;

/** Everything that can be read of a cluster, now and in the past. */
async function readAll(storage: Storage, cluster: string): Promise<unknown[]> {
  const newest = await storage.revision(ctx, cluster);
  const told: unknown[] = [newest];
  for (const resource of ['pods', 'apps/pods', 'pods.x']) {
    for (const namespace of [undefined, 'x', '']) {
      for (let revision = 1; revision <= newest + 1; revision += 1) {
        const scope = { cluster, resource, ...(namespace !== undefined && { namespace }) };
        const options = { revision: { at: 'exact', revision }, limit: revision % 3 } as const;
        const list = await storage
          .list(ctx, scope, options)
          .then(({ items, more, remaining }) => [items.map(lineOf), more, remaining ?? 0], codeOf);
        told.push([resource, namespace, revision, list]);
      }
    }
  }
  for (let after = 0; after <= newest; after += 1) {
    const history = await storage
      .history(ctx, cluster, after, 3)
      .then(
        (all) => all.map(({ type, object, previous }) => [type, lineOf(object), previous && lineOf(previous)]),
        codeOf,
      );
    told.push(['history', after, history]);
  }
  return told;
}

const filters = fc.record<ChangeFilter>(
  {
    group: fc.constantFrom('', 'apps', 'pods'),
    resource: fc.constantFrom('pods', 'pods.x', 'apps'),
    namespaces: fc.subarray(['x', '', 'x-y']),
    name: fc.constantFrom('a', 'ä'),
    user: fc.constantFrom('alice', 'bob'),
    type: fc.constantFrom('ADDED' as const, 'MODIFIED' as const, 'DELETED' as const),
  },
  { requiredKeys: [] },
);

async function sidesAfter(steps: readonly Step[], run: number): Promise<[Side, Side]> {
  const memory = new MemoryStorage();
  const name = `model-${run}`;
  const sides: [Side, Side] = [new Side(memory, name), new Side(postgres, name)];
  await Promise.all(sides.map(({ storage }) => storage.createCluster(ctx, name)));
  for (const one of steps) {
    const [ours, theirs] = [await sides[0].take(one), await sides[1].take(one)];
    expect([one, theirs]).toEqual([one, ours]);
  }
  return sides;
}

let runs = 0;

it('takes, refuses and shows what the store in memory does, at every revision', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
      runs += 1;
      const [memory, stored] = await sidesAfter(steps, runs);
      expect(await readAll(stored.storage, stored.cluster)).toEqual(await readAll(memory.storage, memory.cluster));
    }),
    { numRuns: 15 },
  );
  expect((await postgres.examine(ctx)).findings).toEqual([]);
});

it('finds the changes that the store in memory finds, by whatever filter, in either order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 14 }),
      fc.array(filters, { minLength: 1, maxLength: 5 }),
      async (steps, all) => {
        runs += 1;
        const sides = await sidesAfter(
          steps.filter(({ op }) => op !== 'compact'),
          runs,
        );
        const upTo = await postgres.revision(ctx, sides[1].cluster);
        for (const filter of all) {
          for (const order of ['newestFirst', 'oldestFirst'] as const) {
            const read = async ({ storage, cluster }: Side) => {
              const { changes, ...rest } = await storage.changes(ctx, {
                cluster,
                after: 0,
                upTo,
                order,
                limit: 3,
                filter,
              });
              return [changes.map(({ type, object, previous }) => [type, lineOf(object), previous?.revision]), rest];
            };
            expect([filter, order, await read(sides[1])]).toEqual([filter, order, await read(sides[0])]);
          }
        }
      },
    ),
    { numRuns: 15 },
  );
});

it('copies a cluster as it was at a revision, whichever that is', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 10 }), fc.nat(10), async (steps, at) => {
      runs += 1;
      const [, { cluster }] = await sidesAfter(steps, runs);
      const { revision, oldest } = await postgres.head(ctx, cluster);
      const wanted = oldest + (at % (revision - oldest + 1));
      await postgres.forkCluster(ctx, cluster, wanted, `${cluster}-fork`);
      const present = async (name: string, revisionOf: { at: 'latest' } | { at: 'exact'; revision: number }) => {
        const lists = ['pods', 'apps/pods', 'pods.x'].map((resource) =>
          postgres.list(ctx, { cluster: name, resource }, { revision: revisionOf }),
        );
        return (await Promise.all(lists)).flatMap(({ items }) =>
          items.map(({ key, body }) => `${key.resource} ${key.namespace} ${key.name} ${body.toString()}`),
        );
      };
      expect(await present(`${cluster}-fork`, { at: 'latest' })).toEqual(
        await present(cluster, { at: 'exact', revision: wanted }),
      );
    }),
    { numRuns: 10 },
  );
  expect((await postgres.examine(ctx)).findings).toEqual([]);
});

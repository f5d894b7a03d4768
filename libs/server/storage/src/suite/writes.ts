import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonBytes } from '../body.js';
import { ALICE, type Bench, bodyOf } from './fixture.js';

export function writeTests(bench: () => Promise<Bench>): void {
  describe('writes', () => {
    it('counts revisions from 1, one a change', async () => {
      const b = await bench();
      const first = await b.create('a');
      const second = await b.create('b');
      const third = await b.update(first, { text: 'new' });
      const fourth = await b.remove(second);
      expect([first, second, third, fourth].map((object) => object.revision)).toEqual([1, 2, 3, 4]);
      expect(await b.under.reader.revision(b.ctx, b.cluster)).toBe(4);
    });

    it('stores exactly the bytes and attributes it was given', async () => {
      const b = await bench();
      const text = 'snow ☃, quote ", backslash \\, nul \u0000, astral 🧭';
      await b.create('a', { labels: { app: 'web' }, node: 'n1', text });
      const read = await b.under.reader.get(b.ctx, b.key('a'));
      const expected = bodyOf(b.key('a'), { labels: { app: 'web' }, node: 'n1', text });
      expect(read?.body.equals(expected)).toBe(true);
      expect(read?.attributes).toEqual({ labels: { app: 'web' }, fields: { 'spec.nodeName': 'n1' } });
      expect(JSON.parse(jsonBytes(read as NonNullable<typeof read>).toString())).toMatchObject({
        metadata: { name: 'a', resourceVersion: '1' },
        spec: { text },
      });
    });

    it('creates only where the key is free, and again after a delete', async () => {
      const b = await bench();
      const object = await b.create('a');
      await expect(b.create('a')).rejects.toMatchObject({ code: 'exists' });
      await b.remove(object);
      expect((await b.create('a')).revision).toBe(3);
    });

    it('updates and deletes only at the expected revision', async () => {
      const b = await bench();
      const first = await b.create('a');
      const second = await b.update(first);
      await expect(b.update(first)).rejects.toMatchObject({ code: 'conflict' });
      await expect(b.remove(first)).rejects.toMatchObject({ code: 'conflict' });
      await b.remove(second);
      await expect(b.update(second)).rejects.toMatchObject({ code: 'notFound' });
      await expect(b.remove(second)).rejects.toMatchObject({ code: 'notFound' });
      expect(await b.under.reader.get(b.ctx, b.key('a'))).toBeUndefined();
      expect(await b.under.reader.revision(b.ctx, b.cluster)).toBe(3);
    });

    it('lets exactly one of many concurrent updates win', async () => {
      const b = await bench();
      const object = await b.create('a');
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, i) => b.update(object, { text: `${i}` })),
      );
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      expect(await b.under.reader.revision(b.ctx, b.cluster)).toBe(2);
    });

    it('numbers concurrent writes without gaps', async () => {
      const b = await bench();
      const written = await Promise.all(Array.from({ length: 200 }, (_, i) => b.create(`p${i}`)));
      const revisions = written.map((object) => object.revision).sort((x, y) => x - y);
      expect(revisions).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
    });

    it('tells each of a crowd of writes what became of it', async () => {
      const b = await bench();
      const some = await Promise.all(Array.from({ length: 15 }, (_, i) => b.create(`p${i}`)));
      const stale = { revision: 999 };
      const results = await Promise.allSettled([
        ...some.slice(0, 5).map((object) => b.update(object)),
        ...some.slice(5, 10).map((object) => b.remove(object)),
        ...some.slice(10).map((object) => b.update({ ...object, ...stale })),
        ...['x', 'y', 'z'].map((name) => b.update({ key: b.key(name), ...stale })),
        ...some.slice(0, 1).map(({ key }) => b.create(key.name, { resource: 'pods' })),
        b.create('new'),
      ]);
      const told = results.map((result) =>
        result.status === 'fulfilled' ? result.value.revision : result.reason.code,
      );
      expect(told.filter((outcome) => typeof outcome === 'number').sort((x, y) => x - y)).toEqual(
        Array.from({ length: 11 }, (_, i) => 16 + i),
      );
      const refused = [...Array.from({ length: 5 }, () => 'conflict'), 'notFound', 'notFound', 'notFound', 'exists'];
      expect(told.filter((outcome) => typeof outcome === 'string')).toEqual(refused);
    });

    it('does to crowds of any writes what one after the other would', async () => {
      const step = fc.record({
        name: fc.nat(39),
        op: fc.constantFrom('create', 'update', 'delete'),
        stale: fc.boolean(),
      });
      const rounds = fc.array(fc.uniqueArray(step, { selector: ({ name }) => name, maxLength: 40 }), { maxLength: 8 });
      await fc.assert(
        fc.asyncProperty(rounds, async (crowds) => {
          const b = await bench();
          const model = new Model(b);
          for (const crowd of crowds) await model.expectAll(crowd);
          const { items, revision } = await b.under.reader.list(
            b.ctx,
            { cluster: b.cluster, resource: 'pods' },
            {
              revision: { at: 'latest' },
            },
          );
          expect(new Map(items.map((object) => [object.key.name, object.revision]))).toEqual(model.alive);
          expect(revision).toBe(model.stored);
        }),
        { numRuns: 15 },
      );
    });

    it('fails only the write that cannot be stored, not its neighbours', async () => {
      const b = await bench();
      await b.create('taken');
      const key = b.key('bad\u0000name');
      const poisoned = { op: 'create', key, ...bodyAndActor(b, key) } as const;
      const results = await Promise.allSettled([
        b.create('before'),
        b.create('taken'),
        b.under.storage.write(b.ctx, poisoned),
        b.create('after'),
      ]);
      expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    });

    it('does not begin a write whose caller has given up', async () => {
      const b = await bench();
      const signal = AbortSignal.abort(new Error('gone'));
      const key = b.key('a');
      const write = b.under.storage.write({ ...b.ctx, signal }, { op: 'create', key, ...bodyAndActor(b, key) });
      await expect(write).rejects.toThrow('gone');
      expect(await b.under.reader.get(b.ctx, key)).toBeUndefined();
    });

    it('shows a write to the very next read', async () => {
      const b = await bench();
      for (let i = 0; i < 20; i += 1) {
        const written = await b.create(`p${i}`);
        expect((await b.under.reader.get(b.ctx, written.key))?.revision).toBe(written.revision);
        expect((await b.under.reader.list(b.ctx, b.key(''), { revision: { at: 'latest' } })).revision).toBe(i + 1);
      }
    });
  });
}

interface Step {
  readonly name: number;
  readonly op: string;
  /** Whether the caller expects an older revision than the newest. */
  readonly stale: boolean;
}

/** What should be alive, and at which revision. */
class Model {
  readonly alive = new Map<string, number>();
  stored = 0;

  constructor(private readonly bench: Bench) {}

  /** Does all at once and compares what each is told; which revision each gets is known only afterwards. */
  async expectAll(crowd: readonly Step[]): Promise<void> {
    const expected = crowd.map((step) => this.outcomeOf(step));
    const results = await Promise.allSettled(crowd.map((step) => this.attempt(step)));
    expect(results.map((result) => (result.status === 'fulfilled' ? 'stored' : result.reason.code))).toEqual(expected);
    const revisions: number[] = [];
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected') continue;
      const { key, revision } = result.value;
      revisions.push(revision);
      if (crowd[index]?.op === 'delete') this.alive.delete(key.name);
      else this.alive.set(key.name, revision);
    }
    const consecutive = revisions.map((_, index) => this.stored + index + 1);
    expect(revisions.sort((x, y) => x - y)).toEqual(consecutive);
    this.stored += revisions.length;
  }

  private outcomeOf({ name, op, stale }: Step): string {
    const exists = this.alive.has(`p${name}`);
    if (op === 'create') return exists ? 'exists' : 'stored';
    if (!exists) return 'notFound';
    return stale ? 'conflict' : 'stored';
  }

  private attempt({ name, op, stale }: Step) {
    const key = this.bench.key(`p${name}`);
    const revision = stale ? 999_999 : (this.alive.get(key.name) ?? 1);
    if (op === 'create') return this.bench.create(key.name);
    return op === 'update'
      ? this.bench.update({ key, revision })
      : this.bench.remove({ key, revision, ...bodyAndActor(this.bench, key) });
  }
}

function bodyAndActor(_b: Bench, key: Parameters<typeof bodyOf>[0]) {
  return { body: bodyOf(key, {}), attributes: { labels: {}, fields: {} }, actor: ALICE };
}

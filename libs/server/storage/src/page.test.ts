import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sortKey } from './keys.js';
import { pageOf, PageSearch } from './page.js';
import { SortedMap } from './sorted-map.js';
import type { Scope, StoredObject } from './types.js';

const REVISION = 7;
const scope: Scope = { cluster: 'main', resource: 'pods', matches: (_, key) => Number(key.name.slice(1)) % 3 === 0 };

function pods(count: number): SortedMap<StoredObject> {
  const objects = new SortedMap<StoredObject>();
  for (let at = 0; at < count; at += 1) {
    const key = { cluster: 'main', resource: 'pods', namespace: `n${at % 2}`, name: `p${at}` };
    const body = Buffer.from('x'.repeat(at % 5));
    objects.set(sortKey(key), { key, body, revision: 1, uid: `${at}`, attributes: {} } as unknown as StoredObject);
  }
  return objects;
}

const names = (items: readonly StoredObject[]) => items.map(({ key }) => key.name);

describe('a search for a page', () => {
  it('finds the same however often it is interrupted', () => {
    const page = fc.record({
      limit: fc.option(fc.nat(60), { nil: undefined }),
      bytes: fc.option(fc.nat(80), { nil: undefined }),
      after: fc.option(fc.nat(400), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.nat(400), page, fc.infiniteStream(fc.boolean()), (count, { limit, bytes, after }, due) => {
        const objects = pods(count);
        const asked = {
          ...(limit !== undefined && { limit }),
          ...(bytes !== undefined && { bytes }),
          ...(after !== undefined && { after: { namespace: 'n0', name: `p${after}` } }),
        };
        const search = new PageSearch(REVISION, scope, asked);
        let found;
        while (!found) found = search.goOn(objects, () => due.next().value as boolean);
        expect(found).toEqual(pageOf(objects, REVISION, scope, asked));
      }),
    );
  });

  it('stops where that is due, and not before it has looked at some', () => {
    const search = new PageSearch(REVISION, scope, {});
    const looked: string[] = [];
    const objects = pods(100);
    const seen = { ...objects, get: () => undefined, count: () => 0, range: (bounds = {}) => each(bounds) };
    function* each(bounds: object) {
      for (const object of objects.range(bounds)) {
        looked.push(object.key.name);
        yield object;
      }
    }
    expect(search.goOn(seen, () => true)).toBeUndefined();
    expect(looked).toHaveLength(64);
    expect(names(search.goOn(seen, () => true)?.items ?? [])).toEqual(
      names(pageOf(objects, REVISION, scope, {}).items),
    );
    expect(new Set(looked).size).toBe(looked.length);
  });
});

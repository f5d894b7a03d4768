import type { ChangeType, StoredObject, WatchItem } from '@binnacle/server-storage';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeltaQueue } from './delta-queue.js';

const ACTOR = { user: 'u', client: 'c' };

function item(type: ChangeType, name: string, revision: number): WatchItem {
  const object: StoredObject = {
    key: { cluster: 'main', resource: 'pods', namespace: 'default', name },
    revision,
    body: Buffer.from('{}'),
    attributes: { labels: {}, fields: {} },
  };
  return { kind: 'change', change: { type, object, actor: ACTOR, time: 0 } };
}

const told = (queue: DeltaQueue) =>
  queue.take().deltas.map(({ type, object }) => [type, object.key.name, object.revision]);

describe('DeltaQueue', () => {
  test.each<[string, ChangeType[], [ChangeType, number][]]>([
    ['made and changed is made as it is now', ['ADDED', 'MODIFIED', 'MODIFIED'], [['ADDED', 3]]],
    ['changed twice is changed once', ['MODIFIED', 'MODIFIED'], [['MODIFIED', 2]]],
    ['changed and deleted is deleted', ['MODIFIED', 'DELETED'], [['DELETED', 2]]],
    ['made and deleted never was', ['ADDED', 'DELETED'], []],
    [
      'deleted and made again are two objects',
      ['DELETED', 'ADDED', 'MODIFIED'],
      [
        ['DELETED', 1],
        ['ADDED', 3],
      ],
    ],
    ['deleted, made and deleted is deleted', ['DELETED', 'ADDED', 'DELETED'], [['DELETED', 1]]],
  ])('%s', (_, types, expected) => {
    const queue = new DeltaQueue(0);
    queue.add(types.map((type, index) => item(type, 'a', index + 1)));
    expect(told(queue)).toEqual(expected.map(([type, revision]) => [type, 'a', revision]));
    expect(queue.revision).toBe(types.length);
  });

  test('a bookmark moves the revision only forward', () => {
    const queue = new DeltaQueue(5);
    queue.add([{ kind: 'bookmark', revision: 9 }]);
    queue.add([{ kind: 'bookmark', revision: 7 }]);
    expect(queue.take()).toEqual({ deltas: [], revision: 9 });
  });

  test('however it is emptied, a reader ends with what is there', () => {
    const steps = fc.array(
      fc.record({ name: fc.constantFrom('a', 'b', 'c'), remove: fc.boolean(), take: fc.boolean() }),
    );
    fc.assert(
      fc.property(steps, (all) => {
        const there = new Map<string, number>();
        const reader = new Map<string, number>();
        const queue = new DeltaQueue(0);
        const read = () => {
          for (const { type, object } of queue.take().deltas) {
            const known = reader.has(object.key.name);
            expect(known).toBe(type !== 'ADDED');
            if (type === 'DELETED') reader.delete(object.key.name);
            else reader.set(object.key.name, object.revision);
          }
        };
        all.forEach(({ name, remove, take }, index) => {
          const known = there.has(name);
          if (remove && !known) return;
          if (remove) there.delete(name);
          else there.set(name, index);
          queue.add([item(remove ? 'DELETED' : known ? 'MODIFIED' : 'ADDED', name, index)]);
          if (take) read();
        });
        read();
        expect(reader).toEqual(there);
      }),
    );
  });
});

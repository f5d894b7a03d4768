import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cluster, info, node, rowOf } from '../testing/builders.js';
import { ClusterCache } from './cluster-cache.js';
import { NodeTable } from './node-table.js';

const names = (table: NodeTable) => table.nodeRows.map((row) => table.at(row).name);

describe('the table of nodes', () => {
  test('keeps a row for a node of which only Pods have spoken, and gives it out when the node comes', () => {
    const table = new NodeTable();
    const row = table.addPod(info('p', { cpu: '1' }), 'a');
    expect(names(table)).toEqual([]);
    table.setNode(node('a'));
    expect(table.nodeRows).toEqual([row]);
    expect(table.resource('cpu').requested.get(row)).toBe(1000);
  });

  test('keeps the row of a node that left while Pods are still counted there', () => {
    const table = new NodeTable();
    table.setNode(node('a'));
    const pod = info('p', { cpu: '1' });
    const row = table.addPod(pod, 'a');
    table.removeNode('a');
    expect(table.find('a')?.row).toBe(row);
    expect([table.nodeRows, table.resource('cpu').allocatable.get(row)]).toEqual([[], 0]);
    table.removePod(pod, 'a');
    expect(table.find('a')).toBeUndefined();
  });

  test('gives a row that became free to the next, clean', () => {
    const table = new NodeTable();
    const status = { allocatable: { cpu: '4', gpu: '2' }, images: [{ names: ['x'], sizeBytes: 5 }] };
    table.setNode(node('a', { status, spec: { unschedulable: true }, taints: [{ key: 'k', effect: 'NoSchedule' }] }));
    const row = rowOf({ nodes: table } as ClusterCache, 'a');
    table.removeNode('a');
    table.setNode(node('b', { status: { allocatable: { cpu: '1' } } }));
    expect(rowOf({ nodes: table } as ClusterCache, 'b')).toBe(row);
    expect([table.cordoned.has(row), table.hardTainted.has(row), table.softTainted.has(row)]).toEqual([
      false,
      false,
      false,
    ]);
    expect([table.resource('gpu').allocatable.get(row), table.resource('cpu').allocatable.get(row)]).toEqual([0, 1000]);
    expect(table.nodesWithImage('x')).toBe(0);
  });

  test('grows without losing what was counted', () => {
    const table = new NodeTable();
    for (let at = 0; at < 300; at += 1) {
      table.setNode(node(`n${at}`, { cpu: `${at + 1}` }));
      table.addPod(info(`p${at}`, { cpu: `${at + 1}m` }), `n${at}`);
    }
    const cpu = table.resource('cpu');
    for (const row of table.nodeRows) {
      const number = Number(table.at(row).name.slice(1)) + 1;
      expect([cpu.allocatable.get(row), cpu.requested.get(row), table.podCount.get(row)]).toEqual([
        number * 1000,
        number,
        1,
      ]);
    }
  });

  test('counts on how many nodes an image is, under each of its names', () => {
    const table = new NodeTable();
    const with_ = (...images: string[]) => ({ status: { allocatable: {}, images: [{ names: images, sizeBytes: 1 }] } });
    table.setNode(node('a', with_('x:1', 'x@sha256:0')));
    table.setNode(node('b', with_('x:1')));
    expect([table.nodesWithImage('x:1'), table.nodesWithImage('x@sha256:0'), table.nodesWithImage('y')]).toEqual([
      2, 1, 0,
    ]);
    table.setNode(node('a', with_('y')));
    expect([table.nodesWithImage('x:1'), table.nodesWithImage('y')]).toEqual([1, 1]);
    table.removeNode('b');
    expect(table.nodesWithImage('x:1')).toBe(0);
  });

  test('numbers the values of a label, and forgets them when labels change', () => {
    const view = cluster([node('a', { labels: { zone: '1' } }), node('b', { labels: { zone: '2' } }), node('c')]);
    const before = view.nodes.topology('zone');
    expect([[...before.domains], before.size]).toEqual([[0, 1, -1], 2]);
    view.setNode(node('b', { labels: { zone: '2' }, cpu: '9' }));
    expect(view.nodes.topology('zone')).toBe(before);
    view.setNode(node('b', { labels: { zone: '1' } }));
    expect([...view.nodes.topology('zone').domains]).toEqual([0, 0, -1]);
  });

  test.each(['constructor', '__proto__', 'toString'])(
    'has no domains for a label called %s that no node has',
    (key) => {
      const { domains, size } = cluster([node('a'), node('b')]).nodes.topology(key);
      expect([[...domains], size]).toEqual([[-1, -1], 0]);
    },
  );

  test('has no node in a row that nobody has', () => {
    expect(() => new NodeTable().at(3)).toThrow(RangeError);
  });
});

describe('the cache', () => {
  test('counts a Pod once, wherever it was last seen', () => {
    const view = cluster([node('a'), node('b')]);
    const pod = info('p', { cpu: '1' });
    view.assume(pod, 'a');
    expect(view.isAssumed(pod.uid)).toBe(true);
    view.confirm(pod, 'b');
    const cpu = view.nodes.resource('cpu').requested;
    expect([cpu.get(rowOf(view, 'a')), cpu.get(rowOf(view, 'b'))]).toEqual([0, 1000]);
    expect([view.isAssumed(pod.uid), view.placementOf(pod.uid)?.node]).toEqual([false, 'b']);
    expect([view.remove(pod.uid)?.uid, view.remove(pod.uid)]).toEqual([pod.uid, undefined]);
  });

  test('supposes, and then all is as it was, even where looking failed', () => {
    const pod = info('there', { cpu: '1', labels: { app: 'x' } });
    const view = cluster([node('a')], { a: [pod] });
    const look = () => [view.nodes.resource('cpu').requested.get(0), [...view.groups.all()].length];
    const before = look();
    const add = [info('more', { cpu: '2', labels: { app: 'y' } })];
    expect(view.supposing('a', { add, remove: [pod] }, look)).toEqual([2000, 1]);
    expect(() =>
      view.supposing('a', { add }, () => {
        throw new Error('x');
      }),
    ).toThrow('x');
    expect(look()).toEqual(before);
  });

  test('has counted what the Pods on its nodes ask, after whatever happened', () => {
    const step = fc.record({
      what: fc.constantFrom('assume', 'confirm', 'remove', 'node', 'gone'),
      pod: fc.nat(5),
      on: fc.nat(2),
    });
    const pods = Array.from({ length: 6 }, (_, at) =>
      info(`p${at}`, { cpu: `${at + 1}`, labels: { app: `${at % 2}` } }),
    );
    const podAt = (at: number) => pods[at] ?? info('none');
    const uidOf = (at: number) => podAt(at).uid;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const view = new ClusterCache();
        const where = new Map<number, number>();
        const live = new Set<number>();
        const deeds: Record<string, (pod: number, on: number) => void> = {
          node: (_, on) => void (view.setNode(node(`n${on}`)), live.add(on)),
          gone: (_, on) => void (view.removeNode(`n${on}`), live.delete(on)),
          remove: (pod) => void (view.remove(uidOf(pod)), where.delete(pod)),
          assume: (pod, on) => void (view.assume(podAt(pod), `n${on}`), where.set(pod, on)),
          confirm: (pod, on) => void (view.confirm(podAt(pod), `n${on}`), where.set(pod, on)),
        };
        for (const { what, pod, on } of steps) deeds[what]?.(pod, on);
        expect(names(view.nodes).sort()).toEqual([...live].map((on) => `n${on}`).sort());
        for (const on of [0, 1, 2]) {
          const here = [...where].flatMap(([pod, at]) => (at === on ? [pod] : []));
          const entry = view.nodes.find(`n${on}`);
          expect(entry !== undefined).toBe(here.length > 0 || live.has(on));
          if (!entry) continue;
          expect(view.nodes.resource('cpu').requested.get(entry.row)).toBe(
            here.reduce((sum, pod) => sum + (pod + 1) * 1000, 0),
          );
          expect(view.nodes.podCount.get(entry.row)).toBe(here.length);
        }
        const grouped = [...view.groups.all()]
          .flatMap(({ counts }) => [...counts.values()])
          .reduce((sum, one) => sum + one, 0);
        expect(grouped).toBe(where.size);
      }),
      { numRuns: 300 },
    );
  });
});

test('room is promised to a Pod on one node at a time', () => {
  const { nominations } = new ClusterCache();
  const [one, other] = [info('one'), info('other')];
  nominations.set(one, 'a');
  nominations.set(other, 'a');
  nominations.set(one, 'b');
  expect([[...nominations.on('a')], [...nominations.on('b')], nominations.nodeOf(one.uid)]).toEqual([
    [other],
    [one],
    'b',
  ]);
  nominations.delete(one.uid);
  nominations.delete(one.uid);
  expect([[...nominations.on('b')], nominations.isEmpty]).toEqual([[], false]);
  nominations.delete(other.uid);
  expect(nominations.isEmpty).toBe(true);
});

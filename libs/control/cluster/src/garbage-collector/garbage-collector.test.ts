import type { EventSubject } from '@binnacle/client-controller';
import type { OwnerReference } from '@binnacle/machinery-meta';
import { CREATED_AT, pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { type GraphNode, nodeOf, onlyOwnership, OwnerGraph } from './graph.js';
import { type OwnerState, planItem } from './plan.js';
import { reportStrays } from './stray-references.js';
import { wokenByChange, wokenByEnd } from './wakes.js';

const pods = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };
const reference = (uid: string, blockOwnerDeletion = true): OwnerReference => ({
  apiVersion: 'v1',
  kind: 'Pod',
  name: uid,
  uid,
  blockOwnerDeletion,
});
const object = (uid: string, owners: string[] = [], finalizers: string[] = [], deleting = false) =>
  pod({
    metadata: {
      name: uid,
      uid,
      finalizers,
      ownerReferences: owners.map((owner) => reference(owner)),
      ...(deleting && { deletionTimestamp: CREATED_AT }),
    },
  });
const nodeFor = (...args: Parameters<typeof object>): GraphNode => nodeOf(pods, object(...args));

function graphOf(...nodes: GraphNode[]): OwnerGraph {
  const graph = new OwnerGraph();
  for (const node of nodes) graph.put(node);
  return graph;
}
function woken(graph: OwnerGraph, node: GraphNode): string[] {
  return [...new Set(wokenByChange(graph, node, graph.put(node)))].sort();
}

describe('OwnerGraph', () => {
  test('knows dependents in whatever order things are heard of', () => {
    const graph = graphOf(nodeFor('child', ['parent']), nodeFor('parent'));
    expect(graph.dependents('parent').map(({ uid }) => uid)).toEqual(['child']);
    graph.put(nodeFor('child', []));
    expect(graph.dependents('parent')).toEqual([]);
    graph.put(nodeFor('child', ['parent']));
    graph.remove('child');
    expect(graph.dependents('parent')).toEqual([]);
  });

  test('keeps nothing of an object but who owns it', () => {
    expect(Object.keys(onlyOwnership(object('a', ['b'])).metadata).sort()).toEqual([
      'name',
      'namespace',
      'ownerReferences',
      'resourceVersion',
      'uid',
    ]);
  });
});

describe('who is woken', () => {
  test('a dependent of an owner that nobody knows, but not of one that lives', () => {
    expect(woken(graphOf(), nodeFor('child', ['unknown']))).toEqual(['child']);
    expect(woken(graphOf(nodeFor('parent')), nodeFor('child', ['parent']))).toEqual([]);
  });

  test('a change that changes no owners wakes nobody', () => {
    const graph = graphOf(nodeFor('child', ['unknown']));
    expect(woken(graph, nodeFor('child', ['unknown']))).toEqual([]);
  });

  test('foreground deletion wakes the owner and its dependents, once', () => {
    const graph = graphOf(nodeFor('parent'), nodeFor('child', ['parent']));
    const leaving = nodeFor('parent', [], ['foregroundDeletion'], true);
    expect(woken(graph, leaving)).toEqual(['child', 'parent']);
    expect(woken(graph, leaving)).toEqual([]);
  });

  test('an orphaning deletion wakes the owner', () => {
    expect(woken(graphOf(nodeFor('parent')), nodeFor('parent', [], ['orphan'], true))).toEqual(['parent']);
  });

  test('the end of an object wakes what it owned and who waited for it', () => {
    const graph = graphOf(
      nodeFor('top', [], ['foregroundDeletion'], true),
      nodeFor('middle', ['top']),
      nodeFor('bottom', ['middle']),
    );
    const gone = graph.remove('middle');
    expect(gone && wokenByEnd(graph, gone)).toEqual(['bottom', 'top']);
  });
});

describe('references that do not fit', () => {
  const secret = { ...pods, plural: 'secrets', kind: 'Secret' };
  const inNamespace = (namespace: string | undefined, node: GraphNode): GraphNode => ({ ...node, namespace });

  test('an owner in another namespace, or of another kind or name, makes its dependent worth a look', () => {
    const graph = graphOf(inNamespace('a', nodeFor('parent')));
    expect(woken(graph, inNamespace('b', nodeFor('child', ['parent'])))).toEqual(['child']);
    expect(woken(graph, inNamespace(undefined, nodeFor('cluster', ['parent'])))).toEqual(['cluster']);
    const renamed = { ...nodeFor('renamed'), owners: [{ ...reference('parent'), name: 'other' }] };
    expect(woken(graph, inNamespace('a', renamed))).toEqual(['renamed']);
    const asSecret = { ...nodeFor('typed'), owners: [{ ...reference('parent'), kind: 'Secret' }] };
    expect(woken(graph, inNamespace('a', asSecret))).toEqual(['typed']);
    expect(woken(graph, inNamespace('a', nodeFor('right', ['parent'])))).toEqual([]);
  });

  test('a cluster-scoped owner may own anywhere', () => {
    const graph = graphOf(inNamespace(undefined, nodeFor('parent')));
    expect(woken(graph, inNamespace('b', nodeFor('child', ['parent'])))).toEqual([]);
  });

  test('an owner that is heard of later wakes those that took its uid in vain', () => {
    const graph = graphOf(
      inNamespace('a', nodeFor('right', ['parent'])),
      inNamespace('b', nodeFor('wrong', ['parent'])),
    );
    expect(woken(graph, inNamespace('a', nodeFor('parent')))).toEqual(['wrong']);
  });

  test('is told on the dependent, once, whichever came first', () => {
    const events: string[] = [];
    const recorder = {
      event: (about: EventSubject, type: string, reason: string, message: string) =>
        events.push([about.metadata.name, type, reason, message].join(' | ')),
    };
    const put = (graph: OwnerGraph, node: GraphNode) => reportStrays(recorder, graph, node, graph.put(node));
    const parent = { ...inNamespace('a', nodeFor('parent')), resource: secret };
    const child = inNamespace('b', nodeFor('child', ['parent']));
    const said =
      'child | Warning | OwnerRefInvalidNamespace | ownerRef [v1/Pod, namespace: b, name: parent, uid: parent] does not exist in namespace "b"';
    const forwards = new OwnerGraph();
    for (const node of [parent, child, child, parent]) put(forwards, node);
    expect(events).toEqual([said]);
    const backwards = new OwnerGraph();
    for (const node of [child, parent, child]) put(backwards, node);
    expect(events).toEqual([said, said]);
  });
});

describe('planItem', () => {
  const owners = (...states: OwnerState[]) =>
    states.map((state, index) => ({ reference: reference(`o${index}`), state }));
  test.each([
    ['one whose owner lives stays', object('a'), owners('solid'), false, { kind: 'keep' }],
    ['one nobody owns stays', object('a'), [], false, { kind: 'keep' }],
    [
      'one of several owners lives',
      object('a'),
      owners('solid', 'absent', 'waiting'),
      false,
      { kind: 'drop-references', uids: ['o1', 'o2'] },
    ],
    [
      'all owners are gone',
      object('a'),
      owners('absent', 'absent'),
      true,
      { kind: 'delete', propagation: 'Background' },
    ],
    [
      'the owner waits, and it owns things itself',
      object('a'),
      owners('waiting'),
      true,
      { kind: 'delete', propagation: 'Foreground' },
    ],
    [
      'the owner waits, and it owns nothing',
      object('a'),
      owners('waiting'),
      false,
      { kind: 'delete', propagation: 'Background' },
    ],
    [
      'its own wish is kept',
      object('a', [], ['orphan']),
      owners('absent'),
      true,
      { kind: 'delete', propagation: 'Orphan' },
    ],
  ])('%s', (_, one, states, hasDependents, expected) => {
    expect(planItem(one, states, hasDependents)).toEqual(expected);
  });
});

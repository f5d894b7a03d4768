import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_CONFIG_HASH, ANNOTATION_CONFIG_MIRROR } from '@binnacle/apis-kubernetes/well-known';
import type { ResourceClient } from '@binnacle/client-rest';
import { newAlreadyExists, newNotFound } from '@binnacle/machinery-meta';
import { beforeEach, describe, expect, test } from 'vitest';
import { fakeContext, podOf } from '../testing/fakes.js';
import { mirrorPod, MirrorPods } from './mirror-pods.js';

const PODS = { group: '', resource: 'pods' };
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', uid: 'node-uid' } } as Node;
const staticPod = (hash: string, name = 'p'): Pod =>
  podOf({}, { name, uid: hash, labels: { app: 'x' }, annotations: { [ANNOTATION_CONFIG_HASH]: hash, note: 'hi' } });
/** As the API shows a mirror of it. */
const shown = (pod: Pod, uid: string, more: object = {}): Pod => {
  const mirror = mirrorPod(pod, node);
  return { ...mirror, metadata: { ...mirror.metadata, uid, ...more } };
};

let ctx = fakeContext();
let calls: string[];
let statics: Pod[];
let known: Node | undefined;
let changes: number;
let refusals: Error[];
let mirrors: MirrorPods;

beforeEach(() => {
  ctx = fakeContext();
  [calls, statics, known, changes, refusals] = [[], [], node, 0, []];
  let serial = 0;
  const refuse = () => {
    const error = refusals.shift();
    if (error) throw error;
  };
  const pods = {
    create: async (_: unknown, pod: Pod) => {
      calls.push(`create ${pod.metadata.name}`);
      refuse();
      serial += 1;
      return { ...pod, metadata: { ...pod.metadata, uid: `made-${serial}` } };
    },
    delete: async (_: unknown, { name }: { name: string }, options: { preconditions: { uid: string } }) => {
      calls.push(`delete ${name} ${options.preconditions.uid}`);
      refuse();
    },
  } as unknown as ResourceClient<Pod>;
  mirrors = new MirrorPods(ctx, {
    pods,
    node: () => known,
    staticPods: () => statics,
    changed: () => (changes += 1),
  });
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a mirror says what the static Pod does, whose it is, and that it is one', () => {
  expect(mirrorPod(staticPod('h1'), node)).toEqual({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'p',
      namespace: 'ns',
      labels: { app: 'x' },
      annotations: { [ANNOTATION_CONFIG_HASH]: 'h1', note: 'hi', [ANNOTATION_CONFIG_MIRROR]: 'h1' },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'node-uid', controller: true }],
    },
    spec: { containers: [{ name: 'main', image: 'app' }] },
  });
});

describe('mirrors', () => {
  test('are made once it is known which there are', async () => {
    statics = [staticPod('h1')];
    mirrors.wake();
    await turn();
    expect(calls).toEqual([]);
    mirrors.start();
    await turn();
    expect(calls).toEqual(['create p']);
    expect([mirrors.identity(staticPod('h1'))?.uid, changes]).toEqual(['made-1', 1]);
  });

  test('that are there already are kept', async () => {
    statics = [staticPod('h1')];
    mirrors.observe(shown(staticPod('h1'), 'old'));
    mirrors.start();
    await turn();
    expect([calls, mirrors.identity(staticPod('h1'))?.uid]).toEqual([[], 'old']);
  });

  test('of another manifest are made anew', async () => {
    mirrors.observe(shown(staticPod('h1'), 'old'));
    statics = [staticPod('h2')];
    expect(mirrors.identity(staticPod('h2'))).toBeUndefined();
    mirrors.start();
    await turn();
    expect(calls).toEqual(['delete p old', 'create p']);
  });

  test('without a manifest are deleted', async () => {
    mirrors.observe(shown(staticPod('h1'), 'old'));
    mirrors.start();
    await turn();
    expect(calls).toEqual(['delete p old']);
  });

  test('that somebody deletes come back once they are gone', async () => {
    statics = [staticPod('h1')];
    mirrors.start();
    await turn();
    mirrors.gone(shown(staticPod('h1'), 'made-1'));
    await turn();
    expect(calls).toEqual(['create p', 'create p']);
  });

  test('that are being deleted are not waited for', async () => {
    statics = [staticPod('h1')];
    mirrors.start();
    await turn();
    mirrors.observe(shown(staticPod('h1'), 'made-1', { deletionTimestamp: 't' }));
    await turn();
    expect(calls).toEqual(['create p', 'delete p made-1', 'create p']);
  });

  test('that are gone by name of an older object leave the newer alone', async () => {
    statics = [staticPod('h1')];
    mirrors.start();
    await turn();
    mirrors.gone(shown(staticPod('h1'), 'older'));
    await turn();
    expect([calls, mirrors.identity(staticPod('h1'))?.uid]).toEqual([['create p'], 'made-1']);
  });

  test('that another node or nobody owns show nothing, and go', async () => {
    statics = [staticPod('h1')];
    const foreign = shown(staticPod('h1'), 'foreign', {
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'other', controller: true }],
    });
    mirrors.observe(foreign);
    expect(mirrors.identity(staticPod('h1'))).toBeUndefined();
    mirrors.start();
    await turn();
    expect(calls).toEqual(['delete p foreign', 'create p']);
  });

  test('wait for the node to be registered, and for an API server that takes them', async () => {
    [known, statics] = [undefined, [staticPod('h1')]];
    mirrors.start();
    await turn();
    expect(calls).toEqual([]);
    [known, refusals] = [node, [newAlreadyExists(PODS, 'p')]];
    for (const expected of [1, 2]) {
      ctx.clock.step(2_000);
      await turn();
      expect(calls).toHaveLength(expected);
    }
    expect(mirrors.identity(staticPod('h1'))?.uid).toBe('made-1');
  });

  test('that were deleted meanwhile are as good as deleted', async () => {
    mirrors.observe(shown(staticPod('h1'), 'old'));
    refusals = [newNotFound(PODS, 'p')];
    statics = [staticPod('h2')];
    mirrors.start();
    await turn();
    expect(calls).toEqual(['delete p old', 'create p']);
  });
});

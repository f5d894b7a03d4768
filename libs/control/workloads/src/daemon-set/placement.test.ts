import type { DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import {
  daemonTolerations,
  isUpdated,
  placementOn,
  targetNode,
} from '@binnacle/apis-kubernetes/apps/v1/daemon-set-reading';
import type { Node, PodSpec, Taint } from '@binnacle/apis-kubernetes/core/v1';
import { daemonSet, node, type Overrides } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { daemonPod } from './pod-of.js';

const setOf = (spec: Overrides<PodSpec> = {}): DaemonSet => daemonSet({ spec: { template: { spec } } });
const nodeOf = (taints: Taint[] = [], labels: Record<string, string> = {}): Node =>
  node({ metadata: { name: 'node-1', labels }, spec: { taints } });
const taint = (effect: string, key = 'example.com/dedicated'): Taint => ({ key, effect });
const zoneA = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }],
    },
  },
};

describe('what a set wants of a node', () => {
  test.each<[string, DaemonSet, Node, string]>([
    ['a daemon', setOf(), nodeOf(), 'run'],
    ['none, where it names another', setOf({ nodeName: 'node-2' }), nodeOf(), 'leave'],
    ['a daemon, where it names it', setOf({ nodeName: 'node-1' }), nodeOf(), 'run'],
    ['none, where its selector does not match', setOf({ nodeSelector: { disk: 'ssd' } }), nodeOf(), 'leave'],
    ['a daemon, where it matches', setOf({ nodeSelector: { disk: 'ssd' } }), nodeOf([], { disk: 'ssd' }), 'run'],
    ['none, where its affinity does not match', setOf({ affinity: zoneA }), nodeOf([], { zone: 'b' }), 'leave'],
    ['a daemon, where its affinity matches', setOf({ affinity: zoneA }), nodeOf([], { zone: 'a' }), 'run'],
    ['to keep what is there, behind a taint', setOf(), nodeOf([taint('NoSchedule')]), 'stay'],
    ['none, where it may not even stay', setOf(), nodeOf([taint('NoExecute')]), 'leave'],
    ['a daemon, where that is only discouraged', setOf(), nodeOf([taint('PreferNoSchedule')]), 'run'],
    [
      'a daemon, where it bears the taint',
      setOf({ tolerations: [{ operator: 'Exists' }] }),
      nodeOf([taint('NoExecute')]),
      'run',
    ],
    ['a daemon, on a cordoned node', setOf(), nodeOf([taint('NoSchedule', 'node.kubernetes.io/unschedulable')]), 'run'],
    [
      'a daemon, on a node that does not answer',
      setOf(),
      nodeOf([taint('NoExecute', 'node.kubernetes.io/unreachable')]),
      'run',
    ],
    [
      'to keep it, where the network is missing',
      setOf(),
      nodeOf([taint('NoSchedule', 'node.kubernetes.io/network-unavailable')]),
      'stay',
    ],
    [
      'a daemon there, on the network of the host',
      setOf({ hostNetwork: true }),
      nodeOf([taint('NoSchedule', 'node.kubernetes.io/network-unavailable')]),
      'run',
    ],
  ])('%s', (_, set, subject, expected) => {
    expect(placementOn(set, subject)).toBe(expected);
  });
});

describe('a daemon', () => {
  test('is chosen for its node by name, and says which template it has', () => {
    const made = daemonPod(setOf({ affinity: zoneA }), 'node-7', 'abc');
    expect(targetNode(made)).toBe('node-7');
    expect(made.metadata).toMatchObject({
      generateName: 'agent-',
      labels: { app: 'web', 'controller-revision-hash': 'abc', 'pod-template-generation': '1' },
      ownerReferences: [{ kind: 'DaemonSet', controller: true }],
    });
    expect(
      made.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms,
    ).toEqual([{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['node-7'] }] }]);
  });

  test('bears what ails nodes, in the place of a toleration of the same taint that is shorter', () => {
    const short = {
      key: 'node.kubernetes.io/not-ready',
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 5,
    };
    const tolerations = daemonTolerations({ containers: [], tolerations: [short] });
    expect(tolerations).toHaveLength(6);
    expect(tolerations[0]).toEqual({ key: short.key, operator: 'Exists', effect: 'NoExecute' });
  });

  test.each<[string, Record<string, string>, boolean]>([
    ['by the hash', { 'controller-revision-hash': 'abc' }, true],
    ['by the number of the template', { 'pod-template-generation': '1' }, true],
    ['not by another hash and number', { 'controller-revision-hash': 'x', 'pod-template-generation': '2' }, false],
    ['not by nothing', {}, false],
  ])('is of the template %s', (_, labels, expected) => {
    const made = daemonPod(setOf(), 'node-1', 'abc');
    expect(isUpdated(setOf(), { ...made, metadata: { ...made.metadata, labels } }, 'abc')).toBe(expected);
  });

  test('that names two nodes is meant for none', () => {
    const made = daemonPod(setOf(), 'node-1', 'abc');
    const fields = [{ key: 'metadata.name', operator: 'In', values: ['a', 'b'] }];
    const required = { nodeSelectorTerms: [{ matchFields: fields }] };
    const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
    expect(targetNode({ ...made, spec: { containers: [], affinity } })).toBeUndefined();
  });
});

import type { Node, PodSpec, TopologySpreadConstraint } from '@binnacle/apis-kubernetes/core/v1';
import { describe, expect, test } from 'vitest';
import type { ClusterEvent } from '../framework/cluster-event.js';
import type { PodInfo } from '../pod/pod-info.js';
import { cluster, info, node, type PodParts } from '../testing/builders.js';
import { affinityToNodes, affinityToPods, defaultArgs, spread, wakes } from '../testing/default-plugins.js';
import { scores } from '../testing/verdicts.js';
import { interPodAffinity } from './inter-pod-affinity/inter-pod-affinity.js';
import { nodeAffinity } from './node-affinity/node-affinity.js';
import { nodeDeclaredFeatures } from './node-declared-features/node-declared-features.js';
import { nodePorts } from './node-ports/node-ports.js';
import { nodeUnschedulable } from './node-unschedulable/node-unschedulable.js';
import { podTopologySpread } from './pod-topology-spread/pod-topology-spread.js';
import { schedulingGates } from './scheduling-gates/scheduling-gates.js';
import { taintToleration } from './taint-toleration/taint-toleration.js';

const ZONE = 'topology.kubernetes.io/zone';
const zone = (value: string) => ({ labels: { [ZONE]: value } });
const selector = { matchLabels: { app: 'web' } };
const web = { labels: { app: 'web' } };

type Action = ClusterEvent['action'];
const podEvent = (action: Action, old?: PodInfo, current?: PodInfo): ClusterEvent => ({
  resource: 'Pod',
  action,
  ...(old && { old }),
  ...(current && { current }),
});
const nodeEvent = (action: Action, old?: Node, current?: Node): ClusterEvent => ({
  resource: 'Node',
  action,
  ...(old && { old }),
  ...(current && { current }),
});
const going = (parts: PodParts) =>
  info('x', {
    ...parts,
    metadata: { name: 'x', namespace: 'default', uid: 'x', labels: parts.labels ?? {}, deletionTimestamp: 't' },
  });

describe('PodTopologySpread', () => {
  const constraint = (rest: object = {}): TopologySpreadConstraint => ({
    maxSkew: 1,
    topologyKey: ZONE,
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: selector,
    ...rest,
  });
  const podOf = (rest: object = {}, parts: PodParts = {}) =>
    info('p', { ...web, ...parts, spec: { topologySpreadConstraints: [constraint(rest)], ...parts.spec } });
  const pod = podOf();
  const [counted, other] = [info('x', web), info('y')];

  test.each<[string, ClusterEvent, boolean]>([
    ['one that counts comes', podEvent('Add', undefined, counted), true],
    ['one that counts goes', podEvent('Delete', counted), true],
    ['one that counts begins to go', podEvent('UpdatePodLabel', counted, going(web)), true],
    ['one comes to count', podEvent('UpdatePodLabel', other, counted), true],
    ['one that does not count comes', podEvent('Add', undefined, other), false],
    ['one that does not count changes', podEvent('UpdatePodLabel', other, going({})), false],
    ['one of another namespace comes', podEvent('Add', undefined, info('z', { ...web, namespace: 'far' })), false],
    ['a zone comes', nodeEvent('Add', undefined, node('n', zone('c'))), true],
    ['a zone goes', nodeEvent('Delete', node('n', zone('c'))), true],
    ['a node without a zone comes', nodeEvent('Add', undefined, node('n')), false],
    ['a node moves', nodeEvent('UpdateNodeLabel', node('n', zone('a')), node('n', zone('b'))), true],
    ['a node is given a zone', nodeEvent('UpdateNodeLabel', node('n'), node('n', zone('b'))), true],
    [
      'a node is labelled otherwise',
      nodeEvent('UpdateNodeLabel', node('n', zone('a')), node('n', { labels: { [ZONE]: 'a', x: 'y' } })),
      false,
    ],
    [
      'a taint of a node goes',
      nodeEvent(
        'UpdateNodeTaint',
        node('n', { ...zone('a'), taints: [{ key: 'k', effect: 'NoSchedule' }] }),
        node('n', zone('a')),
      ),
      true,
    ],
  ])('%s: %s', (_, event, expected) => expect(wakes(spread(), event, pod)).toBe(expected));

  test('its own labels count, and what it tolerates where taints do', () => {
    const change = (rest: object, parts: PodParts, action: Action) => {
      const old = podOf(rest);
      const current = { ...podOf(rest, parts), uid: old.uid };
      return wakes(spread(), podEvent(action, old, current), current);
    };
    const tolerations = [{ operator: 'Exists' }];
    expect(change({}, { labels: { app: 'other' } }, 'UpdatePodLabel')).toBe(true);
    expect(change({}, { spec: { tolerations } }, 'UpdatePodToleration')).toBe(false);
    expect(change({ nodeTaintsPolicy: 'Honor' }, { spec: { tolerations } }, 'UpdatePodToleration')).toBe(true);
  });

  test('rules of the profile count for Pods that have none', () => {
    const args = { defaultingType: 'List', defaultConstraints: [constraint({ labelSelector: undefined })] };
    const plugin = podTopologySpread(args, () => selector);
    expect(wakes(plugin, podEvent('Delete', counted), info('p', web))).toBe(true);
    expect(
      wakes(
        spread(() => selector),
        podEvent('Delete', counted),
        info('p', web),
      ),
    ).toBe(false);
  });
});

describe('InterPodAffinity', () => {
  const term = (app: string) => ({ topologyKey: ZONE, labelSelector: { matchLabels: { app } } });
  const wanting = (kind: 'podAffinity' | 'podAntiAffinity', ...apps: string[]) =>
    info('p', {
      labels: { app: 'p' },
      spec: {
        affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: apps.map(term) } },
      } as Partial<PodSpec>,
    });
  const [near, far] = [wanting('podAffinity', 'web'), wanting('podAntiAffinity', 'web', 'db')];
  const [friend, stranger] = [info('x', web), info('y')];
  const guard = info('g', {
    spec: { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('p')] } } },
  });

  test.each<[string, PodInfo, ClusterEvent, boolean]>([
    ['one that it wants near comes', near, podEvent('Add', undefined, friend), true],
    ['one that it does not care for comes', near, podEvent('Add', undefined, stranger), false],
    ['one becomes what it wants near', near, podEvent('UpdatePodLabel', stranger, friend), true],
    ['one that it wants near goes', near, podEvent('Delete', friend), false],
    [
      'one that meets only one of two comes',
      wanting('podAffinity', 'web', 'db'),
      podEvent('Add', undefined, friend),
      false,
    ],
    ['one that it wants far goes', far, podEvent('Delete', friend), true],
    ['one is no more what it wants far', far, podEvent('UpdatePodLabel', friend, stranger), true],
    ['one that it wants far comes', far, podEvent('Add', undefined, friend), false],
    ['one that wanted it far goes', near, podEvent('Delete', guard), true],
    ['a zone comes', near, nodeEvent('Add', undefined, node('n', zone('a'))), true],
    ['a node without a zone comes', near, nodeEvent('Add', undefined, node('n')), false],
    ['any node comes', far, nodeEvent('Add', undefined, node('n')), true],
    ['a node moves', far, nodeEvent('UpdateNodeLabel', node('n', zone('a')), node('n', zone('b'))), true],
    ['a node loses its zone', near, nodeEvent('UpdateNodeLabel', node('n', zone('a')), node('n')), false],
    [
      'a node is labelled otherwise',
      far,
      nodeEvent('UpdateNodeLabel', node('n'), node('n', { labels: { x: 'y' } })),
      false,
    ],
    ['a namespace changes', near, { resource: 'Namespace', action: 'Update' }, true],
  ])('%s: %s', (_, pod, event, expected) => expect(wakes(affinityToPods, event, pod)).toBe(expected));

  test('it changes itself', () => {
    expect(wakes(affinityToPods, podEvent('UpdatePodLabel', near, near), near)).toBe(true);
  });
});

describe('NodeAffinity', () => {
  const pod = info('p', { spec: { nodeSelector: { disk: 'ssd' } } });
  const ssd = node('n', { labels: { disk: 'ssd' } });
  const fenced = nodeAffinity({
    addedAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'fenced', operator: 'Exists' }] }],
      },
    },
  });
  const both = node('n', { labels: { disk: 'ssd', fenced: 'y' } });

  test.each<[string, typeof fenced, ClusterEvent, boolean]>([
    ['a node comes that matches', affinityToNodes, nodeEvent('Add', undefined, ssd), true],
    ['a node comes that does not', affinityToNodes, nodeEvent('Add', undefined, node('n')), false],
    ['a node matches now', affinityToNodes, nodeEvent('UpdateNodeLabel', node('n'), ssd), true],
    ['a node matched before', affinityToNodes, nodeEvent('UpdateNodeLabel', ssd, both), false],
    ['a node is not what the profile wants', fenced, nodeEvent('Add', undefined, ssd), false],
    ['a node is what both want now', fenced, nodeEvent('UpdateNodeLabel', ssd, both), true],
  ])('%s: %s', (_, plugin, event, expected) => expect(wakes(plugin, event, pod)).toBe(expected));
});

describe('the others', () => {
  const port = (hostPort: number) =>
    info('x', { spec: { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort }] }] } });
  const tolerant = (name: string) => ({
    ...info(name, { spec: { tolerations: [{ operator: 'Exists' }] } }),
    uid: name,
  });
  const plain = (name: string) => ({ ...info(name), uid: name });
  const cordoned = node('n', { spec: { unschedulable: true } });

  test.each<[string, Parameters<typeof wakes>[0], ClusterEvent, PodInfo, boolean]>([
    ['a port is free', nodePorts, podEvent('Delete', port(80)), port(80), true],
    ['another port is free', nodePorts, podEvent('Delete', port(81)), port(80), false],
    ['a node is uncordoned', nodeUnschedulable, nodeEvent('UpdateNodeTaint', cordoned, node('n')), plain('p'), true],
    ['a cordoned node comes', nodeUnschedulable, nodeEvent('Add', undefined, cordoned), plain('p'), false],
    [
      'it tolerates cordons now',
      nodeUnschedulable,
      podEvent('UpdatePodToleration', plain('p'), tolerant('p')),
      plain('p'),
      true,
    ],
    [
      'it tolerates something now',
      taintToleration,
      podEvent('UpdatePodToleration', plain('p'), tolerant('p')),
      plain('p'),
      true,
    ],
    ['another does', taintToleration, podEvent('UpdatePodToleration', plain('q'), tolerant('q')), plain('p'), false],
    [
      'its last gate is gone',
      schedulingGates,
      podEvent('UpdatePodSchedulingGatesEliminated', plain('p'), plain('p')),
      plain('p'),
      true,
    ],
    [
      'that of another is',
      schedulingGates,
      podEvent('UpdatePodSchedulingGatesEliminated', plain('q'), plain('q')),
      plain('p'),
      false,
    ],
    [
      'a kubelet declares more',
      nodeDeclaredFeatures,
      nodeEvent('UpdateNodeDeclaredFeature', node('n'), node('n')),
      plain('p'),
      true,
    ],
    [
      'it needs no more than before',
      nodeDeclaredFeatures,
      podEvent('Update', plain('p'), plain('p')),
      plain('p'),
      false,
    ],
  ])('%s: %s', (_, plugin, event, pod, expected) => expect(wakes(plugin, event, pod)).toBe(expected));
});

test('a weight of required terms, and whether others’ wishes count, is for the profile to say', () => {
  const required = { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: ZONE, labelSelector: selector }] };
  const there = info('t', { spec: { affinity: { podAffinity: required } } });
  const view = cluster([node('a', zone('a')), node('b', zone('b'))], { a: [there] });
  const by = (args: object) => interPodAffinity({ ...defaultArgs.InterPodAffinity, ...args }, () => ({}));
  expect(scores(by({}), info('p', web), view)).toEqual({ a: 100, b: 0 });
  expect(scores(by({ hardPodAffinityWeight: 0 }), info('p', web), view)).toBeUndefined();
  expect(scores(by({ ignorePreferredTermsOfExistingPods: true }), info('p', web), view)).toBeUndefined();
});

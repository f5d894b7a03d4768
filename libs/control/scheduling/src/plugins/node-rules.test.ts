import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { describe, expect, test } from 'vitest';
import { findNodes } from '../engine/find-nodes.js';
import { cluster, info, node } from '../testing/builders.js';
import { affinityToNodes as nodeAffinity, wakes } from '../testing/default-plugins.js';
import { scores, verdicts } from '../testing/verdicts.js';
import { imageLocality, normalizedImageName } from './image-locality/image-locality.js';
import { nodeDeclaredFeatures } from './node-declared-features/node-declared-features.js';
import { nodeName } from './node-name/node-name.js';
import { nodePorts } from './node-ports/node-ports.js';
import { nodeUnschedulable } from './node-unschedulable/node-unschedulable.js';
import { schedulingGates } from './scheduling-gates/scheduling-gates.js';
import { taintToleration } from './taint-toleration/taint-toleration.js';

describe('NodeUnschedulable', () => {
  const view = cluster([node('open'), node('cordoned', { spec: { unschedulable: true } })]);

  test('a cordoned node takes nothing new', () => {
    expect(verdicts(nodeUnschedulable, info('p'), view)).toEqual({
      open: 'ok',
      cordoned: 'node(s) were unschedulable',
    });
  });

  test('unless the Pod tolerates it, as DaemonSet Pods do', () => {
    const tolerations = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' }];
    expect(verdicts(nodeUnschedulable, info('p', { spec: { tolerations } }), view).cordoned).toBe('ok');
  });
});

test('NodeName leaves one node', () => {
  const text = "node(s) didn't match the requested node name";
  const view = cluster([node('a'), node('b')]);
  expect(verdicts(nodeName, info('p', { spec: { nodeName: 'b' } }), view)).toEqual({ a: text, b: 'ok' });
});

test('NodeDeclaredFeatures keeps a Pod to kubelets that know what it uses', () => {
  const feature = 'RestartAllContainersOnContainerExits';
  const view = cluster([node('old'), node('new', { status: { allocatable: {}, declaredFeatures: [feature] } })]);
  const restartPolicyRules = [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [42] } }];
  const containers = [{ name: 'c', restartPolicy: 'Never', restartPolicyRules }];
  expect(verdicts(nodeDeclaredFeatures, info('p', { spec: { containers } }), view)).toEqual({
    old: "node(s) didn't match Pod's required features",
    new: 'ok',
  });
  expect(verdicts(nodeDeclaredFeatures, info('q'), view)).toEqual({ old: 'ok', new: 'ok' });
});

describe('TaintToleration', () => {
  const taint = (effect: string, key = 'k', value = 'v') => ({ key, value, effect });
  const view = cluster([node('plain'), node('tainted', { taints: [taint('NoSchedule')] })]);
  const text = 'node(s) had untolerated taint(s)';

  test.each([
    ['none', [], text],
    ['the same key and value', [{ key: 'k', value: 'v', effect: 'NoSchedule' }], 'ok'],
    ['another value', [{ key: 'k', value: 'w', effect: 'NoSchedule' }], text],
    ['the key, whatever its value', [{ key: 'k', operator: 'Exists' }], 'ok'],
    ['everything', [{ operator: 'Exists' }], 'ok'],
    ['another effect', [{ key: 'k', value: 'v', effect: 'NoExecute' }], text],
  ])('a Pod that tolerates %s', (_, tolerations, expected) => {
    expect(verdicts(taintToleration, info('p', { spec: { tolerations } }), view)).toEqual({
      plain: 'ok',
      tainted: expected,
    });
  });

  test('numeric tolerations compare the value of the taint with theirs', () => {
    const sla = cluster([node('good', { taints: [taint('NoSchedule', 'sla', '950')] })]);
    const tolerating = (operator: string, value: string) =>
      info('p', { spec: { tolerations: [{ key: 'sla', operator, value }] } });
    expect(verdicts(taintToleration, tolerating('Gt', '900'), sla).good).toBe('ok');
    expect(verdicts(taintToleration, tolerating('Lt', '900'), sla).good).toBe(text);
  });

  test('tells one who looks at the node which taint it was', () => {
    const { rejections } = findNodes(info('p'), view, [taintToleration]);
    expect(rejections.get(1)?.detail).toBe('untolerated taint {k: v}');
  });

  test('prefers nodes with fewer soft taints', () => {
    const soft = (count: number) => Array.from({ length: count }, (_, i) => taint('PreferNoSchedule', `k${i}`));
    const mixed = cluster([node('none'), node('one', { taints: soft(1) }), node('two', { taints: soft(2) })]);
    expect(scores(taintToleration, info('p'), mixed)).toEqual({ none: 100, one: 50, two: 0 });
  });

  test('wakes for a taint that goes, not for one that stays', () => {
    const tainted = (...taints: ReturnType<typeof taint>[]) => node('n', { taints });
    const changed = (old: Node, current: Node) =>
      ({ resource: 'Node', action: 'UpdateNodeTaint', old, current }) as const;
    const [hard, soft] = [tainted(taint('NoSchedule')), tainted(taint('PreferNoSchedule'))];
    expect(wakes(taintToleration, changed(hard, soft), info('p'))).toBe(true);
    expect(wakes(taintToleration, changed(hard, tainted(taint('NoExecute'))), info('p'))).toBe(false);
    expect(wakes(taintToleration, changed(soft, tainted()), info('p'))).toBe(false);
  });
});

describe('NodeAffinity', () => {
  const view = cluster([
    node('ssd', { labels: { disk: 'ssd', cores: '8' } }),
    node('hdd', { labels: { disk: 'hdd', cores: '32' } }),
  ]);
  const refused = [
    "node(s) didn't match Pod's node affinity/selector",
    "node(s) didn't satisfy plugin(s) [NodeAffinity]",
  ];
  const required = (...nodeSelectorTerms: object[]) => ({
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  });
  const where = (key: string, operator: string, ...values: string[]) => ({
    matchExpressions: [{ key, operator, values }],
  });

  test.each([
    ['nodeSelector', { nodeSelector: { disk: 'ssd' } }, ['ssd']],
    ['In', required(where('disk', 'In', 'hdd', 'tape')), ['hdd']],
    ['NotIn', required(where('disk', 'NotIn', 'hdd')), ['ssd']],
    ['Exists', required(where('disk', 'Exists')), ['ssd', 'hdd']],
    ['DoesNotExist', required(where('disk', 'DoesNotExist')), []],
    ['Gt', required(where('cores', 'Gt', '16')), ['hdd']],
    ['Lt', required(where('cores', 'Lt', '16')), ['ssd']],
    ['terms are alternatives', required(where('disk', 'In', 'ssd'), where('disk', 'In', 'hdd')), ['ssd', 'hdd']],
    ['an empty term selects nothing', required({}), []],
    ['metadata.name', required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['hdd'] }] }), ['hdd']],
    ['both must hold', { nodeSelector: { disk: 'ssd' }, ...required(where('cores', 'Gt', '16')) }, []],
  ])('%s', (_, spec, expected) => {
    const found = verdicts(nodeAffinity, info('p', { spec }), view);
    expect(Object.keys(found).filter((name) => found[name] === 'ok')).toEqual(expected);
    expect(Object.values(found).every((text) => text === 'ok' || refused.includes(text))).toBe(true);
  });

  test('preferences add up and are scaled to the best', () => {
    const prefer = (weight: number, disk: string) => ({ weight, preference: where('disk', 'In', disk) });
    const preferred = [prefer(80, 'ssd'), prefer(20, 'hdd')];
    const spec = { affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } } };
    expect(scores(nodeAffinity, info('p', { spec }), view)).toEqual({ ssd: 100, hdd: 25 });
    expect(scores(nodeAffinity, info('p'), view)).toBeUndefined();
  });
});

describe('NodePorts', () => {
  const asking = (hostPort: number, hostIP?: string, protocol?: string) =>
    info('p', { spec: { containers: [{ name: 'c', ports: [{ containerPort: 80, hostPort, hostIP, protocol }] }] } });

  test.each([
    ['the same port', asking(8080), asking(8080), false],
    ['another port', asking(8080), asking(8081), true],
    ['another protocol', asking(8080), asking(8080, undefined, 'UDP'), true],
    ['two addresses', asking(8080, '10.0.0.1'), asking(8080, '10.0.0.2'), true],
    ['an address and all of them', asking(8080, '10.0.0.1'), asking(8080, '0.0.0.0'), false],
    ['all addresses and one', asking(8080), asking(8080, '10.0.0.1'), false],
  ])('%s', (_, taken, wanted, free) => {
    const view = cluster([node('a')], { a: [taken] });
    const text = "node(s) didn't have free ports for the requested pod ports";
    expect(verdicts(nodePorts, wanted, view)).toEqual({ a: free ? 'ok' : text });
  });
});

describe('ImageLocality', () => {
  test.each([
    ['nginx', 'nginx:latest'],
    ['registry:5000/nginx', 'registry:5000/nginx:latest'],
    ['nginx:1.27', 'nginx:1.27'],
    ['nginx@sha256:0a', 'nginx@sha256:0a'],
  ])('%s is %s', (name, normalized) => {
    expect(normalizedImageName(name)).toBe(normalized);
  });

  test('prefers nodes that hold large images, less so the fewer hold them', () => {
    const images = [{ names: ['nginx:latest'], sizeBytes: 800 * 2 ** 20 }];
    const view = cluster([node('has', { status: { allocatable: {}, images } }), node('lacks')]);
    // Half of the nodes have it, so it counts as 400 MiB of the range from 23 to 1000 MiB.
    expect(scores(imageLocality, info('p'), view)).toEqual({ has: 38, lacks: 0 });
  });
});

test('SchedulingGates names the gates', () => {
  const gated = info('p', { spec: { schedulingGates: [{ name: 'a' }, { name: 'b' }] } });
  expect(schedulingGates.preEnqueue(gated)).toBe('waiting for scheduling gates: [a b]');
  expect(schedulingGates.preEnqueue(info('p'))).toBeUndefined();
});

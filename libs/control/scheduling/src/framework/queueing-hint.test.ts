import { describe, expect, test } from 'vitest';
import { podInfo } from '../pod/pod-info.js';
import { info, node, pod, type PodParts } from '../testing/builders.js';
import type { ClusterEvent } from './cluster-event.js';
import { eventLabel } from './cluster-event.js';
import { nodeActions, podActions } from './event-changes.js';
import { on, QueueingHints } from './queueing-hint.js';

const added: ClusterEvent = { resource: 'Node', action: 'Add', current: node('n') };
const relabelled: ClusterEvent = { resource: 'Node', action: 'UpdateNodeLabel', old: node('n'), current: node('n') };
const gone: ClusterEvent = { resource: 'Pod', action: 'Delete', old: info('x') };

const hints = new QueueingHints([
  { name: 'Picky', eventsToRegister: () => [on('Node', ['Add'], ({ name }) => name === 'p')] },
  { name: 'Broad', eventsToRegister: () => [on('Node', ['Update'])] },
  { name: 'Deaf', eventsToRegister: () => [] },
]);
const hopeful = (event: ClusterEvent, name: string, ...plugins: string[]) => [
  ...hints.hopeful(event, info(name), new Set(plugins)),
];

describe('an event', () => {
  test.each<[string, ClusterEvent, string[], string[]]>([
    ['wakes by the plugin that says so', added, ['Picky', 'Broad'], ['Picky']],
    ['of any update wakes by one that hopes for all', relabelled, ['Picky', 'Broad'], ['Broad']],
    ['that nobody registered wakes nobody', gone, ['Picky', 'Broad', 'Deaf'], []],
    ['wakes what was rejected by one that is not there any more', gone, ['Gone'], ['Gone']],
  ])('%s', (_, event, rejectedBy, expected) => expect(hopeful(event, 'p', ...rejectedBy)).toEqual(expected));

  test('is a matter of the Pod', () => expect(hopeful(added, 'q', 'Picky')).toEqual([]));

  test('concerns nobody, or somebody', () => {
    expect([hints.concerns(gone), hints.concerns(added)]).toEqual([false, true]);
    expect(new QueueingHints([{ name: 'Unsaid' }]).concerns(gone)).toBe(true);
    expect([hints.hears('Picky', added), hints.hears('Picky', gone), hints.hears('Gone', gone)]).toEqual([
      true,
      false,
      true,
    ]);
    expect([...hints.resources]).toEqual(['Node']);
  });

  test('is named as upstream’s metrics name it', () => {
    const labels = [added, gone, { resource: 'CSINode', action: 'Update' } as const].map(eventLabel);
    expect(labels).toEqual(['NodeAdd', 'AssignedPodDelete', 'storage.k8s.io/CSINodeUpdate']);
  });
});

describe('what has changed', () => {
  const known = pod('p', { cpu: '1', labels: { a: '1' }, spec: { schedulingGates: [{ name: 'g' }] } });
  const changed = (parts: PodParts & { status?: object }) => {
    const { status, ...rest } = parts;
    const next = pod('p', { cpu: '1', labels: { a: '1' }, spec: { schedulingGates: [{ name: 'g' }] }, ...rest });
    return podActions(podInfo({ ...next, ...(status && { status }) }), podInfo(known));
  };

  test.each<[string, PodParts & { status?: object }, string[]]>([
    ['nothing that counts', {}, ['Update']],
    ['labels', { labels: { a: '2' } }, ['UpdatePodLabel']],
    ['less asked for', { cpu: '500m' }, ['UpdatePodScaleDown']],
    ['more asked for', { cpu: '2' }, ['Update']],
    ['the last gate', { spec: {} }, ['UpdatePodSchedulingGatesEliminated']],
    [
      'what is tolerated',
      { spec: { schedulingGates: [{ name: 'g' }], tolerations: [{ operator: 'Exists' }] } },
      ['UpdatePodToleration'],
    ],
    ['its claims', { status: { resourceClaimStatuses: [{ name: 'c' }] } }, ['UpdatePodGeneratedResourceClaim']],
  ])('of a Pod: %s', (_, parts, expected) => expect(changed(parts)).toEqual(expected));

  test('of a node: being cordoned wakes nobody, being uncordoned may', () => {
    const cordoned = node('n', { spec: { unschedulable: true } });
    expect([nodeActions(cordoned, node('n')), nodeActions(node('n'), cordoned)]).toEqual([[], ['UpdateNodeTaint']]);
  });
});

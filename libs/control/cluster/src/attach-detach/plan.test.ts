import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { CSIDriver, VolumeAttachment } from '@binnacle/apis-kubernetes/storage/v1';
import { node, persistentVolume, persistentVolumeClaim, pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { attachable, attachmentName } from './attachable.js';
import { multiAttachError } from './multi-attach.js';
import { type NodeView, planAttachments } from './plan.js';
import { UnwantedSince } from './unwanted-since.js';
import { wantedVolumes } from './wanted-volumes.js';

const CSI = { driver: 'd.example', volumeHandle: 'h' };
const UNIQUE = 'kubernetes.io/csi/d.example^h';
const disk = (modes = ['ReadWriteOnce'], csi: object | undefined = CSI) =>
  persistentVolume({
    metadata: { name: 'disk' },
    spec: { hostPath: undefined, csi, accessModes: modes, claimRef: { uid: 'u' } },
  });
const driver = (attachRequired?: boolean): CSIDriver => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'CSIDriver',
  metadata: { name: 'd.example' },
  spec: { ...(attachRequired !== undefined && { attachRequired }) },
});

describe('a volume', () => {
  test.each([
    ['of a driver that says nothing', disk(), undefined, true],
    ['of a driver that does not say', disk(), driver(), true],
    ['of one that wants it', disk(), driver(true), true],
    ['of one that does not', disk(), driver(false), false],
    ['of no driver', persistentVolume({}), undefined, false],
  ])('%s is attached: %#', (_, volume, known, expected) => {
    expect(attachable(volume, () => known) !== undefined).toBe(expected);
  });

  test.each([
    [['ReadWriteOnce'], true],
    [['ReadWriteOncePod'], true],
    [['ReadWriteMany'], false],
    [['ReadWriteOnce', 'ReadOnlyMany'], false],
    [[], false],
  ])('of the modes %j is one node’s alone: %s', (modes, exclusive) => {
    expect(attachable(disk(modes), () => undefined)?.exclusive).toBe(exclusive);
  });

  test('is attached under upstream’s name', () => {
    const name = attachmentName({ driver: 'fake-driver', handle: 'some-uuid' }, 'node-1');
    expect(name).toMatch(/^csi-[0-9a-f]{64}$/);
    expect(attachmentName({ driver: 'fake-driver', handle: 'some-uuid' }, 'node-2')).not.toBe(name);
  });
});

const claimed = (more: Partial<Pod> = {}): Pod =>
  pod({
    metadata: { name: 'p' },
    spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
    ...more,
  } as never);
const claim = (phase = 'Bound') =>
  persistentVolumeClaim({ metadata: { name: 'data', uid: 'u' }, spec: { volumeName: 'disk' }, status: { phase } });
const running = [{ name: 'c', state: { running: {} }, image: '', imageID: '', ready: true, restartCount: 0 }];
const ending = { name: 'p', deletionTimestamp: '2026-01-01T00:00:00Z' };

describe('a Pod wants its volume', () => {
  test.each<[string, Pod, string, boolean]>([
    ['while it runs', claimed(), 'Bound', true],
    ['only when it is bound', claimed(), 'Pending', false],
    ['not once it has ended', claimed({ status: { phase: 'Succeeded' } }), 'Bound', false],
    ['while it ends', claimed({ metadata: ending, status: { containerStatuses: running } }), 'Bound', true],
    ['not once nothing of it runs', claimed({ metadata: ending }), 'Bound', false],
    ['if it has one', pod({}), 'Bound', false],
  ])('%s', (_, subject, phase, expected) => {
    const view = { claim: () => claim(phase), volume: () => disk(), driver: () => undefined };
    expect(wantedVolumes([subject], view).has('disk')).toBe(expected);
  });

  test('not that of another claim', () => {
    const other = { ...disk(), spec: { ...disk().spec, claimRef: { uid: 'other' } } };
    expect(
      wantedVolumes([claimed()], { claim: () => claim(), volume: () => other, driver: () => undefined }).size,
    ).toBe(0);
  });

  test('with others', () => {
    const wanted = wantedVolumes([claimed(), claimed()], {
      claim: () => claim(),
      volume: () => disk(),
      driver: () => undefined,
    });
    expect(wanted.get('disk')?.pods).toHaveLength(2);
  });
});

const own = attachmentName({ driver: CSI.driver, handle: CSI.volumeHandle }, 'a');
const attachment = (attached: boolean, metadata: VolumeAttachment['metadata'] = { name: own }): VolumeAttachment => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'VolumeAttachment',
  metadata,
  spec: { attacher: CSI.driver, nodeName: 'a', source: { persistentVolumeName: 'disk' } },
  status: { attached },
});
const healthy = (status: Node['status'] = {}, spec: Node['spec'] = {}): Node =>
  node({
    metadata: { name: 'a' },
    spec,
    status: { conditions: [{ type: 'Ready', status: 'True' }], ...status },
  } as never);
const sick = (status: Node['status'] = {}) =>
  healthy({ conditions: [{ type: 'Ready', status: 'Unknown' }], ...status });
const wanted = wantedVolumes([claimed()], { claim: () => claim(), volume: () => disk(), driver: () => undefined });

const plan = (view: Partial<NodeView>) => {
  const nothing = {
    node: healthy(),
    wanted: new Map(),
    attachments: [],
    volume: () => disk(),
    isElsewhere: () => false,
    unwantedFor: () => 0,
  };
  const { attach, blocked, detach, ...rest } = planAttachments({ ...nothing, ...view });
  return {
    attach: attach.map(({ name }) => name),
    blocked: blocked.map(({ name }) => name),
    detach: detach.length,
    ...rest,
  };
};
const NOTHING = { attach: [], blocked: [], detach: 0, attached: [] };
const USED = { volumesInUse: [UNIQUE] };
const OFF = { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] };

describe('a node', () => {
  test.each<[string, Partial<NodeView>, object]>([
    ['is given what it lacks', { wanted }, { attach: ['disk'] }],
    ['that is gone is given nothing', { wanted, node: undefined }, {}],
    ['waits for what another has', { wanted, isElsewhere: () => true }, { blocked: ['disk'] }],
    ['is told nothing of what is on its way', { wanted, attachments: [attachment(false)] }, {}],
    ['is told what it has', { wanted, attachments: [attachment(true)] }, { attached: [UNIQUE] }],
    ['is told what goes before it goes', { attachments: [attachment(true)] }, { detach: 1 }],
    ['keeps what it uses', { attachments: [attachment(true)], node: healthy(USED) }, { attached: [UNIQUE] }],
    [
      'keeps what it uses for a while though it is not well',
      { attachments: [attachment(true)], node: sick(USED), unwantedFor: () => 60_000 },
      { attached: [UNIQUE], forceIn: 300_000 },
    ],
    [
      'does not keep it for ever then',
      { attachments: [attachment(true)], node: sick(USED), unwantedFor: () => 360_000 },
      { detach: 1 },
    ],
    ['that is off keeps nothing', { attachments: [attachment(true)], node: healthy(USED, OFF) }, { detach: 1 }],
    ['that is gone keeps nothing', { attachments: [attachment(true)], node: undefined }, { detach: 1 }],
    [
      'loses what no volume is left of',
      { attachments: [attachment(true)], node: healthy(USED), volume: () => undefined },
      { detach: 1 },
    ],
    ['waits for what is going', { wanted, attachments: [attachment(true, { name: own, deletionTimestamp: 'x' })] }, {}],
    [
      'keeps what somebody else attached',
      { attachments: [attachment(true, { name: 'by-hand' })] },
      { attached: [UNIQUE] },
    ],
  ])('%s', (_, view, expected) => expect(plan(view)).toEqual({ ...NOTHING, ...expected }));
});

test('who has a volume is told by name, but not across namespaces', () => {
  const at = (name: string, namespace: string) => pod({ metadata: { name, namespace } });
  const said = (...others: Pod[]) =>
    multiAttachError('disk', at('p', 'x'), others).replace('Multi-Attach error for volume "disk" ', '');
  expect(said()).toBe("Volume is already exclusively attached to one node and can't be attached to another");
  expect(said(at('q', 'x'), at('r', 'x'))).toBe('Volume is already used by pod(s) q, r');
  expect(said(at('q', 'y'))).toBe('Volume is already used by 1 pod(s) in different namespaces');
  expect(said(at('q', 'x'), at('r', 'y'))).toBe(
    'Volume is already used by pod(s) q and 1 pod(s) in different namespaces',
  );
});

test('it is known since when a volume is not wanted, as long as it is not', () => {
  const since = new UnwantedSince();
  since.note('a', new Set(['x']), 10);
  since.note('a', new Set(['x', 'y']), 20);
  expect([
    since.milliseconds('a', 'x', 30),
    since.milliseconds('a', 'y', 30),
    since.milliseconds('b', 'x', 30),
  ]).toEqual([20, 10, 0]);
  since.note('a', new Set(), 30);
  since.note('a', new Set(['x']), 40);
  expect(since.milliseconds('a', 'x', 40)).toBe(0);
});

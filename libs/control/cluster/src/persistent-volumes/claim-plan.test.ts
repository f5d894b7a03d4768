import type { PersistentVolume, PersistentVolumeClaim } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { type Overrides, persistentVolume, persistentVolumeClaim, storageClass } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { type ClaimPlan, type ClaimView, planClaim } from './claim-plan.js';
import { defaultClassOf } from './default-class.js';

const CLASSES = [
  storageClass({ metadata: { name: 'now' } }),
  storageClass({ metadata: { name: 'later' }, volumeBindingMode: 'WaitForFirstConsumer' }),
  storageClass({ metadata: { name: 'by-hand' }, provisioner: 'kubernetes.io/no-provisioner' }),
];
const COMPLETED = { 'pv.kubernetes.io/bind-completed': 'yes' };
const claimOf = (spec: Overrides<PersistentVolumeClaim['spec']> = {}, annotations = {}, status = {}) =>
  persistentVolumeClaim({ metadata: { annotations }, spec, status });
const volumeOf = (
  name: string,
  spec: Overrides<PersistentVolume['spec']> = {},
  more: Overrides<PersistentVolume> = {},
) => persistentVolume({ ...more, metadata: { name, ...more.metadata }, spec });
const ours = { name: 'data', namespace: 'default', uid: claimOf().metadata.uid };
const theirs = { ...ours, name: 'theirs', uid: 'theirs' };

function plan(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  more: Partial<ClaimView> = {},
): ClaimPlan {
  const classNamed = (name: string) => CLASSES.find(({ metadata }) => metadata.name === name);
  const volumeNamed = (name: string) => volumes.find(({ metadata }) => metadata.name === name);
  const candidates = () => volumes;
  return planClaim({ claim, volumeNamed, candidates, classNamed, defaultClass: undefined, waitingPods: [], ...more });
}

/** `bind disk`, or what is done and why: `wait WaitForFirstConsumer`. */
function shown(made: ClaimPlan): string {
  if (made.act === 'bind') return `bind ${made.volume.metadata.name}`;
  if (made.act === 'classify') return `classify ${made.storageClassName}`;
  return `${made.act} ${made.told?.reason ?? ''}`.trim();
}

describe('a claim that is not bound', () => {
  test.each<[string, PersistentVolumeClaim, PersistentVolume[], string]>([
    ['takes the volume that fits', claimOf(), [volumeOf('a')], 'bind a'],
    [
      'takes the smallest that is large enough',
      claimOf(),
      [
        volumeOf('big', { capacity: { storage: '5Gi' } }),
        volumeOf('fit'),
        volumeOf('small', { capacity: { storage: '1Mi' } }),
      ],
      'bind fit',
    ],
    [
      'prefers what allows no more than it asks',
      claimOf(),
      [
        volumeOf('many', { accessModes: ['ReadWriteOnce', 'ReadWriteMany'] }),
        volumeOf('one', { capacity: { storage: '9Gi' } }),
      ],
      'bind one',
    ],
    [
      'takes what was meant for it, however large',
      claimOf(),
      [
        volumeOf('fit'),
        volumeOf('meant', { capacity: { storage: '9Gi' }, claimRef: { name: 'data', namespace: 'default' } }),
      ],
      'bind meant',
    ],
    ['leaves what is another’s', claimOf(), [volumeOf('a', { claimRef: theirs })], 'wait FailedBinding'],
    [
      'leaves what is released',
      claimOf(),
      [volumeOf('a', {}, { status: { phase: 'Released' } })],
      'wait FailedBinding',
    ],
    [
      'leaves what goes',
      claimOf(),
      [volumeOf('a', {}, { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } })],
      'wait FailedBinding',
    ],
    ['leaves what is of a class', claimOf(), [volumeOf('a', { storageClassName: 'now' })], 'wait FailedBinding'],
    [
      'leaves what cannot be written by many',
      claimOf({ accessModes: ['ReadWriteMany'] }),
      [volumeOf('a')],
      'wait FailedBinding',
    ],
    ['leaves what is a block device', claimOf(), [volumeOf('a', { volumeMode: 'Block' })], 'wait FailedBinding'],
    [
      'leaves what has other attributes',
      claimOf(),
      [volumeOf('a', { volumeAttributesClassName: 'gold' })],
      'wait FailedBinding',
    ],
    [
      'leaves what it does not select',
      claimOf({ selector: { matchLabels: { a: 'b' } } }),
      [volumeOf('a')],
      'wait FailedBinding',
    ],
    [
      'takes what it selects',
      claimOf({ selector: { matchLabels: { a: 'b' } } }),
      [volumeOf('x'), volumeOf('a', {}, { metadata: { labels: { a: 'b' } } })],
      'bind a',
    ],
    ['asks for a volume of its class', claimOf({ storageClassName: 'now' }), [], 'provision ExternalProvisioning'],
    [
      'waits for a Pod where its class does',
      claimOf({ storageClassName: 'later' }),
      [volumeOf('a', { storageClassName: 'later' })],
      'wait WaitForFirstConsumer',
    ],
    [
      'takes what was meant for it all the same',
      claimOf({ storageClassName: 'later' }),
      [volumeOf('a', { storageClassName: 'later', claimRef: ours })],
      'bind a',
    ],
    [
      'asks when the Pod has a node',
      claimOf({ storageClassName: 'later' }, { 'volume.kubernetes.io/selected-node': 'n' }),
      [],
      'provision ExternalProvisioning',
    ],
    ['cannot have one of a class there is not', claimOf({ storageClassName: 'none' }), [], 'leave ProvisioningFailed'],
    ['cannot have one that is made by hand', claimOf({ storageClassName: 'by-hand' }), [], 'leave ProvisioningFailed'],
    ['takes the one it names', claimOf({ volumeName: 'a' }), [volumeOf('a')], 'bind a'],
    ['waits for the one it names', claimOf({ volumeName: 'a' }), [], 'wait'],
    [
      'does not take one it names that is too small',
      claimOf({ volumeName: 'a' }),
      [volumeOf('a', { capacity: { storage: '1Mi' } })],
      'wait VolumeMismatch',
    ],
    [
      'does not take one it names that is another’s',
      claimOf({ volumeName: 'a' }),
      [volumeOf('a', { claimRef: theirs })],
      'wait FailedBinding',
    ],
    [
      'of which we chose a volume that is another’s, is left',
      claimOf({ volumeName: 'a' }, { 'pv.kubernetes.io/bound-by-controller': 'yes' }),
      [volumeOf('a', { claimRef: theirs })],
      'leave FailedBinding',
    ],
  ])('%s', (_, claim, volumes, expected) => {
    expect(shown(plan(claim, volumes))).toBe(expected);
  });

  test.each<[string, Overrides<PersistentVolume['spec']>]>([
    ['requested PV is too small', { capacity: { storage: '1Mi' } }],
    ['storageClassName does not match', { storageClassName: 'now' }],
    ['volumeAttributesClassName does not match', { volumeAttributesClassName: 'gold' }],
    ['incompatible volumeMode', { volumeMode: 'Block' }],
    ['incompatible accessMode', { accessModes: ['ReadOnlyMany'] }],
  ])('is told that the volume it names will not do: %s', (why, spec) => {
    const message = `Cannot bind to requested volume "a": ${why}`;
    expect(plan(claimOf({ volumeName: 'a' }), [volumeOf('a', spec)])).toMatchObject({ told: { message } });
  });

  test.each([
    [[], 'waiting for first consumer to be created before binding'],
    [['p'], 'waiting for pod p to be scheduled'],
    [['p', 'q'], 'waiting for pods p,q to be scheduled'],
  ])('is told for which Pods it waits: %j', (waitingPods, message) => {
    expect(plan(claimOf({ storageClassName: 'later' }), [], { waitingPods })).toMatchObject({ told: { message } });
  });

  test('without a class is given the default one, unless it wants none', () => {
    const defaultClass = CLASSES[0];
    expect(shown(plan(claimOf(), [], { defaultClass }))).toBe('classify now');
    expect(shown(plan(claimOf({ storageClassName: '' }), [], { defaultClass }))).toBe('wait FailedBinding');
  });
});

describe('a claim that was bound', () => {
  test.each<[string, PersistentVolumeClaim, PersistentVolume[], string]>([
    ['is kept so', claimOf({ volumeName: 'a' }, COMPLETED), [volumeOf('a', { claimRef: ours })], 'bind a'],
    ['binds its volume again', claimOf({ volumeName: 'a' }, COMPLETED), [volumeOf('a')], 'bind a'],
    ['is lost without its volume', claimOf({ volumeName: 'a' }, COMPLETED), [], 'lose ClaimLost'],
    ['is lost without its name', claimOf({}, COMPLETED), [volumeOf('a')], 'lose ClaimLost'],
    [
      'is lost where its volume is another’s',
      claimOf({ volumeName: 'a' }, COMPLETED),
      [volumeOf('a', { claimRef: theirs })],
      'lose ClaimMisbound',
    ],
  ])('%s', (_, claim, volumes, expected) => {
    expect(shown(plan(claim, volumes))).toBe(expected);
  });
});

test('of several default classes the newest is the one', () => {
  const marked = (name: string, creationTimestamp: string): StorageClass =>
    storageClass({
      metadata: { name, creationTimestamp, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    });
  const [old, young, twin] = [
    marked('old', '2026-01-01T00:00:00Z'),
    marked('young', '2026-01-02T00:00:00Z'),
    marked('a', '2026-01-02T00:00:00Z'),
  ];
  expect(defaultClassOf([old, young, ...CLASSES])).toBe(young);
  expect(defaultClassOf([young, twin])).toBe(twin);
  expect(defaultClassOf(CLASSES)).toBeUndefined();
});

import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { PersistentVolumeClaim, PodSpec } from '../../../core/v1/index.js';
import type { StatefulSet, StatefulSetSpec, StatefulSetStatus } from '../index.js';
import { statefulSets } from './definition.js';

const labels = { app: 'db' };
const podSpec: PodSpec = { containers: [{ name: 'c', image: 'postgres' }] };
const draft = (overrides: object = {}): StatefulSet => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'ns' },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec }, ...overrides },
});
const withPods = (spec: Partial<PodSpec>, overrides: object = {}): object => ({
  template: { metadata: { labels }, spec: { ...podSpec, ...spec } },
  ...overrides,
});
const claim = (spec: PersistentVolumeClaim['spec'] = {}, name = 'data') => ({
  metadata: { name },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
});
const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);
const faults = (overrides: object): string[] => texts(rehearseCreate(statefulSets, draft(overrides)).errors);

describe('a new StatefulSet', () => {
  it('has one Pod at a time made and replaced, keeps its claims and remembers ten templates', () => {
    const { object, errors } = rehearseCreate(statefulSets, draft({ volumeClaimTemplates: [claim()] }));
    expect(errors).toEqual([]);
    expect(object).toMatchObject({
      metadata: { generation: 1 },
      spec: {
        replicas: 1,
        podManagementPolicy: 'OrderedReady',
        revisionHistoryLimit: 10,
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
        volumeClaimTemplates: [
          {
            apiVersion: 'v1',
            kind: 'PersistentVolumeClaim',
            metadata: { name: 'data' },
            spec: { volumeMode: 'Filesystem' },
            status: { phase: 'Pending' },
          },
        ],
      },
      status: { replicas: 0, availableReplicas: 0 },
    });
  });

  it('that says how it is rolled says the rest itself', () => {
    const spec = (updateStrategy: StatefulSetSpec['updateStrategy']) =>
      rehearseCreate(statefulSets, draft({ updateStrategy })).object.spec?.updateStrategy;
    expect(spec({ type: 'RollingUpdate' })).toEqual({ type: 'RollingUpdate' });
    expect(spec({ type: 'OnDelete' })).toEqual({ type: 'OnDelete' });
    expect(spec({ rollingUpdate: { partition: 2, maxUnavailable: 3 } })).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { partition: 2 },
    });
  });

  it.each<[reason: string, spec: object, expected: string[]]>([
    ['may manage its Pods at once', { podManagementPolicy: 'Parallel' }, []],
    [
      'manages them in a known way',
      { podManagementPolicy: 'Random' },
      ["spec.podManagementPolicy: Invalid value: \"Random\": must be 'OrderedReady' or 'Parallel'"],
    ],
    [
      'is rolled in a known way',
      { updateStrategy: { type: 'Recreate', rollingUpdate: { partition: 1 } } },
      [
        'spec.updateStrategy: Invalid value: {"Type":"Recreate","RollingUpdate":{"Partition":1,"MaxUnavailable":null}}: must be \'RollingUpdate\' or \'OnDelete\'',
      ],
    ],
    [
      'has no partition where it is not rolled',
      { updateStrategy: { type: 'OnDelete', rollingUpdate: { partition: 1 } } },
      [
        'spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":1,"MaxUnavailable":null}: only allowed for updateStrategy \'RollingUpdate\'',
      ],
    ],
    [
      'has a partition of some Pods',
      { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: -1 } } },
      ['spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0'],
    ],
    [
      'keeps claims in a known way',
      { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Keep' } },
      [
        'spec.persistentVolumeClaimRetentionPolicy.whenScaled: Unsupported value: "Keep": supported values: "Retain", "Delete"',
      ],
    ],
    ['counts from somewhere', { ordinals: { start: 3 } }, []],
    [
      'counts nothing below nothing',
      { replicas: -1, minReadySeconds: -1, ordinals: { start: -1 } },
      [
        'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
        'spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0',
        'spec.ordinals.start: Invalid value: -1: must be greater than or equal to 0',
      ],
    ],
    [
      'has a Service with a name',
      { serviceName: 'a.b' },
      ['spec.serviceName: Invalid value: "a.b": must not contain dots'],
    ],
    [
      'has a selector',
      { selector: undefined },
      [
        'spec.selector: Required value',
        'spec.template.metadata.labels: Invalid value: {"app":"db"}: `selector` does not match template `labels`',
      ],
    ],
    ['that selects', { selector: {} }, ['spec.selector: Invalid value: {}: empty selector is invalid for statefulset']],
    [
      'and finds its Pods',
      { selector: { matchLabels: { app: 'other' } } },
      ['spec.template.metadata.labels: Invalid value: {"app":"db"}: `selector` does not match template `labels`'],
    ],
    [
      'has Pods that run for ever',
      withPods({ restartPolicy: 'OnFailure', activeDeadlineSeconds: 5 }),
      [
        'spec.template.spec.restartPolicy: Unsupported value: "OnFailure": supported values: "Always"',
        'spec.template.spec.activeDeadlineSeconds: Forbidden: activeDeadlineSeconds in StatefulSet is not Supported',
      ],
    ],
    ['names its Pods itself', withPods({ hostname: 'Not A Name', subdomain: 'Neither' }), []],
    [
      'mounts the claims it makes',
      withPods(
        { containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'data', mountPath: '/data' }] }] },
        { volumeClaimTemplates: [claim()] },
      ),
      [],
    ],
    [
      'and none it does not make',
      withPods({ containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'data', mountPath: '/data' }] }] }),
      ['spec.template.spec.containers[0].volumeMounts[0].name: Not found: "data"'],
    ],
  ])('%s', (_reason, overrides, expected) => {
    expect(faults(overrides)).toEqual(expected);
  });

  it('has a name of one label, of which its Pods get theirs', () => {
    const set = draft();
    const { errors } = rehearseCreate(statefulSets, { ...set, metadata: { ...set.metadata, name: 'a.b' } });
    expect(texts(errors)).toEqual(['metadata.name: Invalid value: "a.b": must not contain dots']);
  });
});

describe('the claims of a StatefulSet', () => {
  const PATH = 'spec.volumeClaimTemplates[0].spec';

  it.each<[reason: string, spec: object, expected: string[]]>([
    [
      'are used somehow',
      { accessModes: [] },
      [`${PATH}.accessModes: Required value: at least 1 access mode is required`],
    ],
    [
      'are used in a known way',
      { accessModes: ['Everywhere'] },
      [
        `${PATH}.accessModes: Unsupported value: "Everywhere": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"`,
      ],
    ],
    [
      'belong to one Pod or to several',
      { accessModes: ['ReadWriteOncePod', 'ReadWriteMany'] },
      [`${PATH}.accessModes: Forbidden: may not use ReadWriteOncePod with other access modes`],
    ],
    ['have a size', { resources: {} }, [`${PATH}.resources[storage]: Required value`]],
    [
      'have some size',
      { resources: { requests: { storage: '0' } } },
      [`${PATH}.resources[storage]: Invalid value: "0": must be greater than zero`],
    ],
    ['may have no class', { storageClassName: '' }, []],
    [
      'have a class with a name',
      { storageClassName: 'A', volumeAttributesClassName: 'b c', volumeMode: 'Tape' },
      [
        expect.stringContaining(`${PATH}.storageClassName: Invalid value: "A"`),
        `${PATH}.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"`,
        expect.stringContaining(`${PATH}.volumeAttributesClassName: Invalid value: "b c"`),
      ],
    ],
    [
      'are made of another one',
      { dataSource: { kind: 'Pod', name: '' } },
      [
        `${PATH}.dataSource.name: Required value`,
        `${PATH}.dataSource: Invalid value: "Pod": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
      ],
    ],
    [
      'of one, whatever it is called',
      {
        dataSource: { kind: 'PersistentVolumeClaim', name: 'a' },
        dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'b' },
      },
      [`${PATH}: Invalid value: {}: must match dataSourceRef`],
    ],
    [
      'or of one of another namespace',
      {
        dataSource: { kind: 'PersistentVolumeClaim', name: 'a' },
        dataSourceRef: { kind: 'Snapshot', apiGroup: 'A', name: 'b', namespace: 'B' },
      },
      [
        expect.stringContaining(`${PATH}.dataSourceRef.apiGroup: Invalid value: "A"`),
        expect.stringContaining(`${PATH}.dataSourceRef.namespace: Invalid value: "B"`),
        `${PATH}: Invalid value: {}: may not be specified when dataSourceRef.namespace is specified`,
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(faults({ volumeClaimTemplates: [claim(spec)] })).toEqual(expected);
  });
});

describe('an update of a StatefulSet', () => {
  const { object: old } = rehearseCreate(statefulSets, draft({ serviceName: 'db', volumeClaimTemplates: [claim()] }));
  const changed = (overrides: Partial<StatefulSetSpec>): StatefulSet => ({
    ...old,
    spec: { ...(old.spec as StatefulSetSpec), ...overrides },
  });
  const FIXED =
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

  it.each<[reason: string, overrides: Partial<StatefulSetSpec>, expected: string[]]>([
    ['may scale', { replicas: 3 }, []],
    [
      'may wait longer and count otherwise',
      { minReadySeconds: 5, ordinals: { start: 1 }, revisionHistoryLimit: 3 },
      [],
    ],
    ['may roll otherwise', { updateStrategy: { type: 'OnDelete' } }, []],
    ['may drop claims sooner', { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' } }, []],
    ['does not move to another Service', { serviceName: 'other' }, [FIXED]],
    ['does not manage Pods otherwise', { podManagementPolicy: 'Parallel' }, [FIXED]],
    ['does not change its claims', { volumeClaimTemplates: [] }, [FIXED]],
    ['is judged', { replicas: -1 }, ['spec.replicas: Invalid value: -1: must be greater than or equal to 0']],
  ])('%s', (_reason, overrides, expected) => {
    expect(texts(rehearseUpdate(statefulSets, changed(overrides), old).errors)).toEqual(expected);
  });

  it('is held by who says of which domain it is', () => {
    const next = { ...old, metadata: { ...old.metadata, finalizers: ['mine'] } };
    const faults = [rehearseUpdate(statefulSets, next, old), rehearseStatusUpdate(statefulSets, next, old)];
    expect(faults.map(({ errors }) => errors.map(({ field }) => field))).toEqual([
      ['metadata.finalizers[0]'],
      ['metadata.finalizers[0]'],
    ]);
  });

  it('is a new generation where the spec is another, and does not write the status', () => {
    const { object } = rehearseUpdate(statefulSets, { ...changed({ replicas: 3 }), status: { replicas: 9 } }, old);
    expect(object).toMatchObject({ metadata: { generation: 2 }, status: old.status });
    expect(rehearseUpdate(statefulSets, old, old).object.metadata.generation).toBe(1);
  });

  it('drops what a gate keeps back, unless it was there', () => {
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 0, maxUnavailable: '50%' } };
    const update = (before: StatefulSet) =>
      rehearseUpdate(statefulSets, changed({ updateStrategy }), before).object.spec?.updateStrategy?.rollingUpdate;
    expect(update(old)).toEqual({ partition: 0 });
    expect(update(changed({ updateStrategy }))).toEqual({ partition: 0, maxUnavailable: '50%' });
  });

  it('judges what was there before the gate was shut', () => {
    const kept = (maxUnavailable: string | number) =>
      changed({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0, maxUnavailable } } });
    const errors = (maxUnavailable: string | number) =>
      texts(rehearseUpdate(statefulSets, kept(maxUnavailable), kept(maxUnavailable)).errors);
    const PATH = 'spec.updateStrategy.rollingUpdate.maxUnavailable';
    expect(errors('0%')).toEqual([`${PATH}: Invalid value: "0%": cannot be 0`]);
    expect(errors('101%')).toEqual([`${PATH}: Invalid value: "101%": must not be greater than 100%`]);
    expect(errors(-1)).toEqual([`${PATH}: Invalid value: -1: must be greater than or equal to 0`]);
  });
});

describe('what a StatefulSet warns of', () => {
  const warnings = (next: StatefulSet, old?: StatefulSet) =>
    statefulSets.strategy.warnings?.(next as never, old as never);

  it('is its template, half bytes and a history without end', () => {
    const size = { resources: { requests: { storage: '100m' } } };
    const set = draft({ revisionHistoryLimit: -1, volumeClaimTemplates: [claim(size)] });
    const FRACTION = 'fractional byte value "100m" is invalid, must be an integer';
    const LIMIT =
      'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended';
    expect(warnings(set)).toEqual([`spec.volumeClaimTemplates[0].resources.requests[storage]: ${FRACTION}`, LIMIT]);
    expect(warnings(set, set)).toEqual([
      `spec.volumeClaimTemplates[0].Spec.resources.requests[storage]: ${FRACTION}`,
      LIMIT,
    ]);
    expect(warnings(draft(withPods({ terminationGracePeriodSeconds: -1 })))).toEqual([
      'spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
    ]);
  });
});

describe('the status of a StatefulSet', () => {
  const { object: old } = rehearseCreate(statefulSets, draft());
  const update = (status: StatefulSetStatus, before: StatefulSetStatus = { replicas: 0 }) =>
    texts(rehearseStatusUpdate(statefulSets, { ...old, status }, { ...old, status: before }).errors);

  it.each<[reason: string, StatefulSetStatus, expected: string[]]>([
    [
      'counts Pods',
      { replicas: 3, readyReplicas: 3, availableReplicas: 2, currentReplicas: 1, updatedReplicas: 2 },
      [],
    ],
    [
      'never fewer than none',
      { replicas: -1, observedGeneration: -1 },
      [
        'status.replicas: Invalid value: -1: must be greater than or equal to 0',
        'status.observedGeneration: Invalid value: -1: must be greater than or equal to 0',
        ...['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'].map(
          (field) => `status.${field}: Invalid value: 0: cannot be greater than status.replicas`,
        ),
      ],
    ],
    [
      'never more of some than of all',
      { replicas: 1, updatedReplicas: 2 },
      ['status.updatedReplicas: Invalid value: 2: cannot be greater than status.replicas'],
    ],
    [
      'has none available that is not ready',
      { replicas: 2, availableReplicas: 1 },
      ['status.availableReplicas: Invalid value: 1: cannot be greater than status.readyReplicas'],
    ],
  ])('%s', (_reason, status, expected) => {
    expect(update(status)).toEqual(expected);
  });

  it('counts collisions upwards, and leaves the spec alone', () => {
    expect(update({ replicas: 0 }, { replicas: 0, collisionCount: 2 })).toEqual([
      'status.collisionCount: Invalid value: 0: cannot be decremented',
    ]);
    const next: StatefulSet = { ...draft({ replicas: 9 }), status: { replicas: 1 } };
    expect(rehearseStatusUpdate(statefulSets, next, old).object.spec).toEqual(old.spec);
  });

  it('is of none where none is written', () => {
    const { object } = rehearseStatusUpdate(statefulSets, draft(), { ...old, status: { replicas: 3 } });
    expect(object.status).toEqual({ replicas: 0, availableReplicas: 0 });
  });
});

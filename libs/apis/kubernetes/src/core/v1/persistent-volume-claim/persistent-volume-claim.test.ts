import { describe, expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec, PersistentVolumeClaimStatus } from '../index.js';
import { persistentVolumeClaims } from './definition.js';
import { printer } from './printer.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const CLASS = 'volume.beta.kubernetes.io/storage-class';
const size = (storage: string) => ({ resources: { requests: { storage } } });
const claim = (spec: PersistentVolumeClaimSpec = {}, annotations?: Record<string, string>): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'ns', ...(annotations && { annotations }) },
  spec: { accessModes: ['ReadWriteOnce'], ...size('1Gi'), ...spec },
});
const snapshot = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 's' };
const other = { kind: 'PersistentVolumeClaim', name: 'old' };

describe('a PersistentVolumeClaim', () => {
  it('waits for a filesystem', () => {
    const { object } = rehearseCreate(persistentVolumeClaims, claim());
    expect(object).toMatchObject({ spec: { volumeMode: 'Filesystem' }, status: { phase: 'Pending' } });
  });

  it.each<[reason: string, PersistentVolumeClaimSpec, expected: string[]]>([
    ['may ask for any volume', { storageClassName: '', selector: { matchLabels: { a: 'b' } } }, []],
    [
      'is mounted somehow',
      { accessModes: [] },
      ['spec.accessModes: Required value: at least 1 access mode is required'],
    ],
    [
      'is mounted in known ways',
      { accessModes: ['Often'] },
      [expect.stringContaining('spec.accessModes: Unsupported value: "Often"')],
    ],
    ['asks for storage', { resources: {} }, ['spec.resources[storage]: Required value']],
    [
      'asks for more than nothing',
      size('0'),
      ['spec.resources[storage]: Invalid value: "0": must be greater than zero'],
    ],
    [
      'selects well',
      { selector: { matchExpressions: [{ key: 'a', operator: 'Like' }] } },
      ['spec.selector.matchExpressions[0].operator: Invalid value: "Like": not a valid selector operator'],
    ],
    [
      'asks for a known mode',
      { volumeMode: 'Tape' },
      ['spec.volumeMode: Unsupported value: "Tape": supported values: "Block", "Filesystem"'],
    ],
    [
      'names classes',
      { storageClassName: '-', volumeAttributesClassName: '-' },
      [
        expect.stringContaining('spec.storageClassName: Invalid value: "-"'),
        expect.stringContaining('spec.volumeAttributesClassName: Invalid value: "-"'),
      ],
    ],
    ['may come from a snapshot', { dataSource: snapshot }, []],
    [
      'comes from something of a group',
      { dataSourceRef: { kind: 'Tape', name: 't' } },
      [
        `spec.dataSource: Invalid value: "Tape": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
        `spec.dataSourceRef: Invalid value: "Tape": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
      ],
    ],
    [
      'comes from something with a name',
      { dataSourceRef: { apiGroup: 'Bad!', kind: '', name: '' }, dataSource: other },
      [
        'spec.dataSourceRef.name: Required value',
        'spec.dataSourceRef.kind: Required value',
        expect.stringContaining('spec.dataSourceRef.apiGroup: Invalid value: "Bad!"'),
        'spec: Invalid value: {}: must match dataSourceRef',
      ],
    ],
  ])('%s', (_reason, spec, expected) => {
    expect(texts(rehearseCreate(persistentVolumeClaims, claim(spec)).errors)).toEqual(expected);
  });

  it.each<[reason: string, PersistentVolumeClaimSpec, PersistentVolumeClaimSpec]>([
    ['the older field says it for both', { dataSource: other }, { dataSource: other, dataSourceRef: other }],
    ['the newer one too', { dataSourceRef: snapshot }, { dataSource: snapshot, dataSourceRef: snapshot }],
    ['what the older field never meant is dropped', { dataSource: { apiGroup: 'x.io', kind: 'Tape', name: 't' } }, {}],
    ['a source in another namespace is an alpha feature', { dataSourceRef: { ...snapshot, namespace: 'b' } }, {}],
  ])('where it comes from: %s', (_reason, spec, expected) => {
    const { dataSource, dataSourceRef } = rehearseCreate(persistentVolumeClaims, claim(spec)).object.spec ?? {};
    expect({ dataSource, dataSourceRef }).toEqual({ dataSource: undefined, dataSourceRef: undefined, ...expected });
  });

  it('warns of bytes that are cut and of the old annotation', () => {
    const warned = claim({ ...size('1500m') }, { [CLASS]: 'fast' });
    expect(persistentVolumeClaims.strategy.warnings?.(warned as never)).toEqual([
      `metadata.annotations[${CLASS}]: deprecated since v1.8; use "storageClassName" attribute instead`,
      'spec.resources.requests[storage]: fractional byte value "1500m" is invalid, must be an integer',
    ]);
  });

  it('shows what it was given once it has a volume', () => {
    const status = { phase: 'Bound', capacity: { storage: '2Gi' }, accessModes: ['ReadWriteOnce'] };
    const cells = (spec: PersistentVolumeClaimSpec) => printer.row({ ...claim(spec), status }, 0).slice(1, 7);
    expect(cells({})).toEqual(['Bound', '', '', '', '', '<unset>']);
    expect(cells({ volumeName: 'disk', storageClassName: 'fast' })).toEqual([
      'Bound',
      'disk',
      '2Gi',
      'RWO',
      'fast',
      '<unset>',
    ]);
  });
});

describe('a change of a claim', () => {
  const BOUND = { phase: 'Bound', capacity: { storage: '2Gi' } };
  const IMMUTABLE =
    'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

  it.each<
    [reason: string, next: PersistentVolumeClaim, old: PersistentVolumeClaim, PersistentVolumeClaimStatus, string[]]
  >([
    ['may be of its volume, once', claim({ volumeName: 'a' }), claim(), {}, []],
    ['not twice', claim({ volumeName: 'b' }), claim({ volumeName: 'a' }), {}, [`${IMMUTABLE}\n  spec.volumeName`]],
    ['may give a default class', claim({ storageClassName: 'fast' }), claim(), {}, []],
    [
      'is not of the class',
      claim({ storageClassName: 'slow' }),
      claim({ storageClassName: 'fast' }),
      {},
      [`${IMMUTABLE}\n  spec.storageClassName`],
    ],
    [
      'may move the class from the annotation to the field',
      claim({ storageClassName: 'fast' }),
      claim({}, { [CLASS]: 'fast' }),
      {},
      [],
    ],
    [
      'is not of the annotation',
      claim({}, { [CLASS]: 'slow' }),
      claim({}, { [CLASS]: 'fast' }),
      {},
      [`metadata.annotations.${CLASS}: Invalid value: "slow": field is immutable`],
    ],
    ['may ask for more once bound', claim(size('3Gi')), claim(size('2Gi')), BOUND, []],
    ['not before', claim(size('3Gi')), claim(size('2Gi')), {}, [`${IMMUTABLE}\n  spec.resources`]],
    ['may ask for less of what was never given', claim(size('3Gi')), claim(size('5Gi')), BOUND, []],
    [
      'but not for what was given or less',
      claim(size('2Gi')),
      claim(size('5Gi')),
      BOUND,
      ['spec.resources.requests.storage: Forbidden: field can not be less than status.capacity'],
    ],
    [
      'is not of the mode',
      claim({ volumeMode: 'Block' }),
      claim(),
      {},
      [`${IMMUTABLE}\n  spec.volumeMode`, 'volumeMode: Invalid value: "Block": field is immutable'],
    ],
    ['may be of the attributes', claim({ volumeAttributesClassName: 'gold' }), claim(), BOUND, []],
    [
      'takes no attributes away that are in use',
      claim(),
      claim({ volumeAttributesClassName: 'gold' }),
      { ...BOUND, currentVolumeAttributesClassName: 'gold' },
      [
        'spec.volumeAttributesClassName: Forbidden: update to nil is forbidden when status.currentVolumeAttributesClassName is not nil',
      ],
    ],
  ])('%s', (_reason, next, before, status, expected) => {
    const { object } = rehearseCreate(persistentVolumeClaims, before);
    const old = { ...object, status: { ...object.status, ...status } };
    const { errors } = rehearseUpdate(persistentVolumeClaims, next, old);
    expect(texts(errors)).toEqual(expected);
  });

  it.each<[reason: string, PersistentVolumeClaimStatus, expected: string[]]>([
    [
      'may say how far an expansion is',
      { allocatedResources: { storage: '3Gi' }, allocatedResourceStatuses: { storage: 'NodeResizePending' } },
      [],
    ],
    [
      'holds no less than nothing',
      { capacity: { storage: '-1' } },
      ['status.capacity[storage]: Invalid value: -1: must be a valid resource quantity'],
    ],
    [
      'allocates storage, and whatever has a domain',
      { allocatedResources: { cpu: '1', 'example.com/x': '1' } },
      ['status.allocatedResources: Unsupported value: "cpu": supported values: "storage"'],
    ],
    [
      'is in a known state',
      { allocatedResourceStatuses: { storage: 'Growing' } },
      [
        expect.stringContaining(
          'status.allocatedResourceStatuses: Unsupported value: "storage": supported values: "Con',
        ),
      ],
    ],
  ])('its status %s', (_reason, status, expected) => {
    const { object: old } = rehearseCreate(persistentVolumeClaims, claim());
    const { object, errors } = rehearseStatusUpdate(persistentVolumeClaims, { ...claim(size('9Gi')), status }, old);
    expect(texts(errors)).toEqual(expected);
    expect(object.spec).toEqual(old.spec);
  });
});

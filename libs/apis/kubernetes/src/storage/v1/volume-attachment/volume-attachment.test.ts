import { expect, it } from 'vitest';
import { rehearseCreate, rehearseStatusUpdate, rehearseUpdate } from '@binnacle/apis-registry';
import type { VolumeAttachment, VolumeAttachmentSpec, VolumeAttachmentStatus } from '../index.js';
import { volumeAttachments } from './definition.js';

const texts = (errors: readonly { field: string; message: string }[]): string[] =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const attachment = (spec: Partial<VolumeAttachmentSpec> = {}): VolumeAttachment => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'VolumeAttachment',
  metadata: { name: 'x' },
  spec: { attacher: 'disks.example.com', nodeName: 'node-1', source: { persistentVolumeName: 'disk-1' }, ...spec },
});
const inline = { accessModes: ['ReadWriteOnce'], csi: { driver: 'disks.example.com', volumeHandle: 'h' } };

it.each<[reason: string, Partial<VolumeAttachmentSpec>, expected: string[]]>([
  ['is of a volume', {}, []],
  ['is of a volume that stands in it', { source: { inlineVolumeSpec: inline } }, []],
  ['is by a driver', { attacher: '' }, ['spec.attacher: Required value']],
  [
    'is at a node',
    { nodeName: '' },
    [expect.stringContaining('spec.nodeName: Invalid value: "": a lowercase RFC 1123 subdomain')],
  ],
  [
    'is of something',
    { source: {} },
    ['spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName'],
  ],
  [
    'is of one thing',
    { source: { inlineVolumeSpec: inline, persistentVolumeName: 'disk-1' } },
    ['spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName'],
  ],
  [
    'has nothing inline that only a volume of its own has',
    {
      source: {
        inlineVolumeSpec: {
          capacity: { storage: '1Gi' },
          claimRef: { name: 'c' },
          hostPath: { path: '/x' },
          nodeAffinity: {},
          persistentVolumeReclaimPolicy: 'Delete',
          storageClassName: 'fast',
          volumeMode: 'Block',
        },
      },
    },
    [
      'spec.source.inlineVolumeSpec.claimRef: Forbidden: may not be specified in the context of inline volumes',
      'spec.source.inlineVolumeSpec.capacity: Forbidden: may not be specified in the context of inline volumes',
      'spec.source.inlineVolumeSpec.csi: Required value: has to be specified in the context of inline volumes',
      'spec.source.inlineVolumeSpec.accessModes: Required value',
      'spec.source.inlineVolumeSpec.persistentVolumeReclaimPolicy: Forbidden: may only be Retain in the context of inline volumes',
      'spec.source.inlineVolumeSpec.nodeAffinity: Forbidden: may not be specified in the context of inline volumes',
      'spec.source.inlineVolumeSpec.storageClassName: Forbidden: may not be specified in the context of inline volumes',
      'spec.source.inlineVolumeSpec.volumeMode: Forbidden: may not specify volumeMode other than Filesystem in the context of inline volumes',
    ],
  ],
])('an attachment %s', (_reason, spec, expected) => {
  expect(texts(rehearseCreate(volumeAttachments, attachment(spec)).errors)).toEqual(expected);
});

it('a new attachment is not attached, whatever it says, and its spec stays', () => {
  const { object: old } = rehearseCreate(volumeAttachments, { ...attachment(), status: { attached: true } });
  expect(old.status).toEqual({ attached: false });
  const { errors } = rehearseUpdate(volumeAttachments, attachment({ nodeName: 'node-2' }), old);
  expect(texts(errors)).toEqual([expect.stringMatching(/^spec: Invalid value: .*node-2.*: field is immutable$/)]);
});

it.each<[reason: string, VolumeAttachmentStatus, expected: string[]]>([
  ['may be attached', { attached: true, attachmentMetadata: { device: '/dev/sda' } }, []],
  [
    'tells errors that are not too long, with codes that are not negative',
    { attached: false, attachError: { message: 'x'.repeat(1025) }, detachError: { errorCode: -1 } },
    [
      'status.attachError.message: Too long: may not be more than 262144 bytes',
      'status.detachError.errorCode: Invalid value: -1: must be between 0 and 2147483647, inclusive',
    ],
  ],
  [
    'holds 256 KiB of facts at most',
    { attached: true, attachmentMetadata: { a: 'x'.repeat(256 * 1024) } },
    ['status.attachmentMetadata: Too long: may not be more than 262144 bytes'],
  ],
])('a status %s', (_reason, status, expected) => {
  const { object: old } = rehearseCreate(volumeAttachments, attachment());
  const said: VolumeAttachment = {
    ...attachment({ nodeName: 'node-2' }),
    metadata: { name: 'x', labels: { a: 'b' } },
    status,
  };
  const { object, errors } = rehearseStatusUpdate(volumeAttachments, said, old);
  expect(texts(errors)).toEqual(expected);
  expect([object.spec, object.metadata]).toEqual([old.spec, old.metadata]);
});

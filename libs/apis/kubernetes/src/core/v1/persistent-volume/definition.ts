import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import {
  addressOf,
  allVerbs,
  canonicalise,
  keep,
  statusSubresource,
  validateStatusMeta,
} from '@binnacle/apis-registry';
import type { PersistentVolume } from '../index.js';
import { applyVolumeSourceDefaults } from '../pod/volume-defaults.js';
import { preparePersistentVolume, preparePersistentVolumeStatus } from './prepare.js';
import { printer } from './printer.js';
import { validatePersistentVolumeUpdate } from './update-validation.js';
import { validatePersistentVolume } from './validation.js';
import { persistentVolumeWarnings } from './warnings.js';

function applyDefaults(volume: PersistentVolume): void {
  volume.spec ??= {};
  volume.status ??= {};
  volume.status.phase ||= 'Pending';
  volume.spec.persistentVolumeReclaimPolicy ||= 'Retain';
  volume.spec.volumeMode ??= 'Filesystem';
  canonicalise(volume.spec.capacity);
  applyVolumeSourceDefaults(volume.spec);
}

export const persistentVolumes = defineResource<PersistentVolume>({
  ...addressOf(refs.persistentvolumes, ['pv']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.core.v1.PersistentVolume',
  roles: ['view'],
  example: { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } } },
  strategy: {
    answersDeleted: true,
    applyDefaults,
    prepareForCreate: preparePersistentVolume,
    prepareForUpdate: (next, old) => keep(next, old, 'status'),
    prepareForStatusUpdate: preparePersistentVolumeStatus,
    validate: validatePersistentVolume,
    validateUpdate: validatePersistentVolumeUpdate,
    validateStatusUpdate: ({ metadata }) => validateStatusMeta(metadata),
    warnings: persistentVolumeWarnings,
    allowUnconditionalUpdate: true,
  },
  relations: [
    {
      field: 'storageClass',
      description: 'The class it is of.',
      to: refs.storageclasses,
      usual: 1,
      find: { by: 'name', of: ({ spec }) => spec?.storageClassName },
    },
  ],
  printer,
  fields: {},
});

import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs } from '@binnacle/apis-registry';
import type { StorageClass } from '../index.js';
import { printer } from './printer.js';
import { validateStorageClass, validateStorageClassUpdate } from './validation.js';
import { storageClassWarnings } from './warnings.js';

function applyDefaults(storage: StorageClass): void {
  storage.reclaimPolicy ??= 'Delete';
  storage.volumeBindingMode ??= 'Immediate';
}

export const storageClasses = defineResource<StorageClass>({
  ...addressOf(refs.storageclasses, ['sc']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.storage.v1.StorageClass',
  roles: ['view'],
  example: { provisioner: 'example.com/disks' },
  strategy: {
    answersDeleted: true,
    applyDefaults,
    validate: validateStorageClass,
    validateUpdate: validateStorageClassUpdate,
    warnings: storageClassWarnings,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});

import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs } from '@binnacle/apis-registry';
import type { VolumeAttributesClass } from '../index.js';
import { printer } from './printer.js';
import { validateVolumeAttributesClass, validateVolumeAttributesClassUpdate } from './validation.js';

export const volumeAttributesClasses = defineResource<VolumeAttributesClass>({
  ...addressOf(refs.volumeattributesclasses, ['vac']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.storage.v1.VolumeAttributesClass',
  roles: ['view'],
  example: { driverName: 'disks.example.com', parameters: { iops: '3000' } },
  strategy: {
    answersDeleted: true,
    validateCreate: validateVolumeAttributesClass,
    validateUpdate: validateVolumeAttributesClassUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});

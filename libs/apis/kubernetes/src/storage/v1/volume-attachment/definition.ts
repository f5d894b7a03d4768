import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, keep, keepMetadata, statusSubresource } from '@binnacle/apis-registry';
import { applyVolumeSourceDefaults } from '../../../core/v1/pod/volume-defaults.js';
import type { VolumeAttachment } from '../index.js';
import { printer } from './printer.js';
import { validateVolumeAttachment, validateVolumeAttachmentUpdate } from './validation.js';

export const volumeAttachments = defineResource<VolumeAttachment>({
  ...addressOf(refs.volumeattachments),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.storage.v1.VolumeAttachment',
  roles: ['view'],
  example: { spec: { attacher: 'disks.example.com', nodeName: 'node-1', source: { persistentVolumeName: 'disk-1' } } },
  strategy: {
    answersDeleted: true,
    resetFields: { status: [['spec'], ['metadata']] },
    applyDefaults: ({ spec }) => applyVolumeSourceDefaults(spec?.source?.inlineVolumeSpec ?? {}),
    prepareForCreate: (attachment) => {
      attachment.status = { attached: false };
    },
    prepareForUpdate: (next, old) => keep(next, old, 'status'),
    prepareForStatusUpdate: (next, old) => {
      keep(next, old, 'spec');
      keepMetadata(next, old);
    },
    validate: validateVolumeAttachment,
    validateUpdate: validateVolumeAttachmentUpdate,
    validateStatusUpdate: (next, old) => [
      ...validateVolumeAttachment(next),
      ...validateVolumeAttachmentUpdate(next, old),
    ],
  },
  relations: [
    {
      field: 'node',
      description: 'The Node the volume is attached to.',
      to: refs.nodes,
      usual: 1,
      find: { by: 'name', of: ({ spec }) => spec?.nodeName },
    },
    {
      field: 'volume',
      description: 'The PersistentVolume that is attached.',
      to: refs.persistentvolumes,
      usual: 1,
      find: { by: 'name', of: ({ spec }) => spec?.source?.persistentVolumeName },
    },
  ],
  printer,
  fields: {},
});

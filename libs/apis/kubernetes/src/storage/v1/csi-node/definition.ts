import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs } from '@binnacle/apis-registry';
import type { CSINode } from '../index.js';
import { printer } from './printer.js';
import { validateCsiNode, validateCsiNodeUpdate } from './validation.js';

export const csiNodes = defineResource<CSINode>({
  ...addressOf(refs.csinodes),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.storage.v1.CSINode',
  roles: ['view'],
  example: { spec: { drivers: [{ name: 'disks.example.com', nodeID: 'node-1' }] } },
  strategy: { answersDeleted: true, validate: validateCsiNode, validateUpdate: validateCsiNodeUpdate },
  printer,
  fields: {},
});

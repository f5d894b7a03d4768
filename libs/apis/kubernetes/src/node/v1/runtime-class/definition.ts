import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import {
  addressOf,
  ageColumn,
  ageOf,
  allVerbs,
  canonicalise,
  column,
  nameColumn,
  nameOf,
  type TablePrinter,
} from '@binnacle/apis-registry';
import type { RuntimeClass } from '../index.js';
import { runtimeClassWarnings, validateRuntimeClass, validateRuntimeClassUpdate } from './validation.js';

const printer: TablePrinter<RuntimeClass> = {
  columns: [nameColumn, column('Handler', 'The configuration of the container runtime it stands for.'), ageColumn],
  row: (runtimeClass, now) => [nameOf(runtimeClass), runtimeClass.handler ?? '', ageOf(runtimeClass, now)],
};

export const runtimeClasses = defineResource<RuntimeClass>({
  ...addressOf(refs.runtimeclasses),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.node.v1.RuntimeClass',
  roles: ['view'],
  example: { handler: 'runc' },
  strategy: {
    applyDefaults: ({ overhead }) => canonicalise(overhead?.podFixed),
    validate: validateRuntimeClass,
    validateUpdate: validateRuntimeClassUpdate,
    warnings: runtimeClassWarnings,
    allowCreateOnUpdate: true,
  },
  printer,
  fields: {},
});

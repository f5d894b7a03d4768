import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, statusSubresource } from '@binnacle/apis-registry';
import { validateConditions } from '../conditions.js';
import type { FlowSchema } from '../index.js';
import { flowControlLifecycle } from '../lifecycle.js';
import { printer } from './printer.js';
import { validateFlowSchema } from './validation.js';

const DEFAULT_PRECEDENCE = 1000;

function applyDefaults({ spec }: FlowSchema): void {
  if (spec) spec.matchingPrecedence ||= DEFAULT_PRECEDENCE;
}

export const flowSchemas = defineResource<FlowSchema>({
  ...addressOf(refs.flowschemas),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.flowcontrol.v1.FlowSchema',
  example: { spec: { priorityLevelConfiguration: { name: 'system' } } },
  strategy: {
    ...flowControlLifecycle,
    applyDefaults,
    validate: validateFlowSchema,
    validateStatusUpdate: ({ status }) => validateConditions(status?.conditions),
  },
  printer,
  fields: {},
});

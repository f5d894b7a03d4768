import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { keep } from '../../../registry/lifecycle.js';
import { canonicalise } from '../../../registry/quantities.js';
import { addressOf, allVerbs, statusSubresource } from '../../../registry/served.js';
import type { Node } from '../index.js';
import { printer } from './printer.js';
import { validateNode, validateNodeStatusUpdate, validateNodeUpdate } from './validation.js';

function applyDefaults(node: Node): void {
  node.spec ??= {};
  node.status ??= {};
  const { status } = node;
  canonicalise(status.capacity, status.allocatable);
  if (!status.allocatable && status.capacity) status.allocatable = { ...status.capacity };
}

export const nodes = defineResource<Node>({
  ...addressOf(refs.nodes, ['no']),
  verbs: allVerbs,
  subresources: [statusSubresource],
  schema: 'io.k8s.api.core.v1.Node',
  strategy: {
    applyDefaults,
    prepareForUpdate: (next, old) => keep(next, old, 'status'),
    prepareForStatusUpdate: (next, old) => keep(next, old, 'spec'),
    validate: validateNode,
    validateUpdate: validateNodeUpdate,
    validateStatusUpdate: validateNodeStatusUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable ?? false) },
});

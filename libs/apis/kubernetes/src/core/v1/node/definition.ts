import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { proxy } from '../proxy.js';
import { keep, canonicalise, addressOf, allVerbs, statusSubresource } from '@binnacle/apis-registry';
import type { Node } from '../index.js';
import { printer } from './printer.js';
import { validateNode, validateNodeStatusUpdate, validateNodeUpdate } from './validation.js';
import { ofNode } from '../../../usage/v1/relations.js';

/** The first of several networks is told in both fields; where they differ, the older one counts. */
function alignNetworks(spec: NonNullable<Node['spec']>): void {
  const { podCIDR, podCIDRs = [] } = spec;
  if (podCIDR && podCIDR !== podCIDRs[0]) spec.podCIDRs = [podCIDR];
  else if (!podCIDR && podCIDRs[0]) spec.podCIDR = podCIDRs[0];
}

function applyDefaults(node: Node): void {
  node.spec ??= {};
  alignNetworks(node.spec);
  node.status ??= {};
  const { status } = node;
  canonicalise(status.capacity, status.allocatable);
  if (!status.allocatable && status.capacity) status.allocatable = { ...status.capacity };
}

/** What a kubelet was configured with is not written any more, only kept. */
function prepareForStatusUpdate(next: Node, old: Node): void {
  keep(next, old, 'spec');
  if (!old.status?.config) delete next.status?.config;
}

export const nodes = defineResource<Node>({
  ...addressOf(refs.nodes, ['no']),
  priority,
  verbs: allVerbs,
  subresources: [proxy('NodeProxyOptions'), statusSubresource],
  schema: 'io.k8s.api.core.v1.Node',
  roles: ['view'],
  example: {},
  strategy: {
    applyDefaults,
    prepareForUpdate: (next, old) => keep(next, old, 'status'),
    prepareForStatusUpdate,
    validate: validateNode,
    validateUpdate: validateNodeUpdate,
    validateStatusUpdate: validateNodeStatusUpdate,
    allowUnconditionalUpdate: true,
  },
  relations: [
    ofNode,

    {
      field: 'pods',
      description: 'The Pods bound to it.',
      to: refs.pods,
      usual: 50,
      find: { by: 'field', field: 'spec.nodeName' },
    },
  ],
  printer,
  fields: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable ?? false) },
});

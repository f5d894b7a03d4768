import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, countGeneration, startGeneration } from '@binnacle/apis-registry';
import type { NetworkPolicy, NetworkPolicySpec } from '../index.js';
import { printer } from './printer.js';
import { validateNetworkPolicy } from './validation.js';
import { networkPolicyWarnings } from './warnings.js';

/** All it hears, and what it says where it says something of that. */
function defaultTypes(spec: NetworkPolicySpec): void {
  if (spec.policyTypes?.length) return;
  spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
}

/** Behaves as kubernetes pkg/apis/networking/v1 SetDefaults_NetworkPolicy. */
function applyDefaults(policy: NetworkPolicy): void {
  policy.spec ??= {};
  const { spec } = policy;
  spec.podSelector ??= {};
  defaultTypes(spec);
  const rules = [...(spec.ingress ?? []), ...(spec.egress ?? [])];
  for (const { ports = [] } of rules) for (const port of ports) port.protocol ??= 'TCP';
}

export const networkPolicies = defineResource<NetworkPolicy>({
  ...addressOf(refs.networkpolicies, ['netpol']),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.networking.v1.NetworkPolicy',
  roles: ['view', 'edit'],
  example: { spec: { podSelector: { matchLabels: { app: 'x' } } } },
  strategy: {
    applyDefaults,
    prepareForCreate: startGeneration,
    prepareForUpdate: (next, old) => countGeneration(next, old, 'spec'),
    validate: validateNetworkPolicy,
    warnings: networkPolicyWarnings,
    allowUnconditionalUpdate: true,
  },
  relations: [
    {
      field: 'pods',
      description: 'The Pods it is about.',
      to: refs.pods,
      usual: 5,
      find: { by: 'selector', of: ({ spec }) => spec?.podSelector },
    },
  ],
  printer,
  fields: {},
});

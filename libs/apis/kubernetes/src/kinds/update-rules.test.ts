import { formatGroupResource } from '@binnacle/machinery-meta';
import { expect, test } from 'vitest';
import { resources } from './resources.js';

// As kubernetes pkg/registry strategies say: what a PUT without a resourceVersion may change, and what it may make.

const NEEDS_VERSION: readonly string[] = [
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
  'csistoragecapacities.storage.k8s.io',
  'clustertrustbundles.certificates.k8s.io',
  'leasecandidates.coordination.k8s.io',
  'leases.coordination.k8s.io',
  'mutatingadmissionpolicies.admissionregistration.k8s.io',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'poddisruptionbudgets.policy',
  'runtimeclasses.node.k8s.io',
  'validatingadmissionpolicies.admissionregistration.k8s.io',
  'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'volumeattachments.storage.k8s.io',
  'customresourcedefinitions.apiextensions.k8s.io',
  'apiservices.apiregistration.k8s.io',
  'storageversionmigrations.storagemigration.k8s.io',
  'podcertificaterequests.certificates.k8s.io',
];
const MADE_BY_PUT: readonly string[] = [
  'clusterrolebindings.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'endpoints',
  'events',
  'events.events.k8s.io',
  'leasecandidates.coordination.k8s.io',
  'leases.coordination.k8s.io',
  'limitranges',
  'rolebindings.rbac.authorization.k8s.io',
  'roles.rbac.authorization.k8s.io',
  'runtimeclasses.node.k8s.io',
  'services',
];

const writable = resources
  .filter(({ verbs, custom }) => verbs.includes('update') && !custom)
  .map((one) => [formatGroupResource({ group: one.group, resource: one.names.plural }), one.strategy] as const);

test.each(writable)('%s are put as upstream puts them', (resource, strategy) => {
  expect({
    unconditional: strategy.allowUnconditionalUpdate ?? false,
    creates: strategy.allowCreateOnUpdate ?? false,
  }).toEqual({ unconditional: !NEEDS_VERSION.includes(resource), creates: MADE_BY_PUT.includes(resource) });
});

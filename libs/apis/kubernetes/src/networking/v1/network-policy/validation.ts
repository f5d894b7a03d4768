import { type FieldError, fieldPath, invalid, validateLabelSelector } from '@binnacle/machinery-validation';
import { each, validateMeta, validateSupported } from '@binnacle/apis-registry';
import type { NetworkPolicy } from '../index.js';
import { validatePeer, validatePolicyPort } from './peer-validation.js';

const SPEC = fieldPath('spec');
const POLICY_TYPES = ['Ingress', 'Egress'];

function validateTypes(types: readonly string[]): FieldError[] {
  const path = SPEC.child('policyTypes');
  if (types.length > POLICY_TYPES.length) return [invalid(path, types, 'may not specify more than two policyTypes')];
  return each(types, path, (type, at) => validateSupported(type, at, POLICY_TYPES));
}

/** Behaves as kubernetes pkg/apis/networking/validation ValidateNetworkPolicy. */
export function validateNetworkPolicy(policy: NetworkPolicy): FieldError[] {
  const { podSelector, ingress, egress, policyTypes = [] } = policy.spec ?? {};
  return [
    ...validateMeta(policy, true),
    ...validateLabelSelector(podSelector, SPEC.child('podSelector')),
    ...each(ingress, SPEC.child('ingress'), ({ ports, from }, at) => [
      ...each(ports, at.child('ports'), validatePolicyPort),
      ...each(from, at.child('from'), validatePeer),
    ]),
    ...each(egress, SPEC.child('egress'), ({ ports, to }, at) => [
      ...each(ports, at.child('ports'), validatePolicyPort),
      ...each(to, at.child('to'), validatePeer),
    ]),
    ...validateTypes(policyTypes),
  ];
}

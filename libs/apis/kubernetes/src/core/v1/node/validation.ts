import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  invalidEach,
  isCidr,
  isLabelValue,
  isQualifiedName,
  required,
  semanticEqual,
} from '@binnacle/machinery-validation';
import type { ResourceList } from '../../../registry/quantities.js';
import { each, validateMeta, validateStatusMeta } from '../../../registry/rules.js';
import type { Node, NodeSpec, Taint } from '../index.js';
import { validateAmount } from '../pod/resource-validation.js';
import { validateTaintEffect } from '../pod/scheduling-validation.js';

const SPEC = fieldPath('spec');
/** Upstream says metadata where it means spec. */
const TAINTS = fieldPath('metadata', 'taints');

function validateTaint({ key = '', value = '', effect }: Taint, path: FieldPath): FieldError[] {
  const complaints = isLabelValue(value);
  return [
    ...invalidEach(path.child('key'), key, isQualifiedName(key)),
    ...(complaints.length > 0 ? [invalid(path.child('value'), value, complaints.join(';'))] : []),
    ...(effect ? validateTaintEffect(effect, path.child('effect')) : [required(path.child('effect'))]),
  ];
}

function validateTaints(taints: readonly Taint[] | undefined): FieldError[] {
  const seen = new Set<string>();
  return each(taints, TAINTS, (taint, path) => {
    const id = `${taint.effect}/${taint.key}`;
    const errors = validateTaint(taint, path);
    if (seen.has(id)) {
      const repeated = duplicate(path, taint);
      errors.push({ ...repeated, message: `${repeated.message}: taints must be unique by key and effect pair` });
    }
    seen.add(id);
    return errors;
  });
}

function validateCidrs({ podCIDRs = [] }: NodeSpec): FieldError[] {
  const path = SPEC.child('podCIDRs');
  const families = new Set(podCIDRs.map((cidr) => cidr.includes(':')));
  return [
    ...each(podCIDRs, path, (cidr, at) => invalidEach(at, cidr, isCidr(cidr))),
    ...(families.size < podCIDRs.length
      ? [invalid(path, podCIDRs, 'may specify no more than one CIDR for each IP family')]
      : []),
  ];
}

function validateAmounts(list: ResourceList | undefined, path: FieldPath): FieldError[] {
  return Object.entries(list ?? {}).flatMap(([name, amount]) => validateAmount(name, amount, path.child(name)));
}

function validateResources({ status }: Node): FieldError[] {
  return [
    ...validateAmounts(status?.capacity, fieldPath('status', 'capacity')),
    ...validateAmounts(status?.allocatable, fieldPath('status', 'allocatable')),
  ];
}

/** Behaves as kubernetes ValidateNode. */
export function validateNode(node: Node): FieldError[] {
  return [
    ...validateMeta(node, false),
    ...validateTaints(node.spec?.taints),
    ...validateResources(node),
    ...validateCidrs(node.spec ?? {}),
  ];
}

function validateCidrChange({ podCIDRs: next = [] }: NodeSpec, { podCIDRs: old = [] }: NodeSpec): FieldError[] {
  if (old.length === 0 || semanticEqual(next, old)) return [];
  return [forbidden(SPEC.child('podCIDRs'), 'node updates may not change podCIDR except from "" to valid')];
}

/** The addresses of a node's Pods and its name at the cloud are given once. */
export function validateNodeUpdate({ spec: next = {} }: Node, { spec: old = {} }: Node): FieldError[] {
  const errors = validateCidrChange(next, old);
  if (old.providerID && old.providerID !== next.providerID)
    errors.push(forbidden(SPEC.child('providerID'), 'node updates may not change providerID except from "" to valid'));
  if (!semanticEqual(next.externalID || undefined, old.externalID || undefined))
    errors.push(forbidden(SPEC.child('externalID'), 'may not be updated'));
  return errors;
}

export function validateNodeStatusUpdate(node: Node): FieldError[] {
  const seen = new Set<string>();
  const addresses = each(node.status?.addresses, fieldPath('status', 'addresses'), (address, path) => {
    const id = `${address.type}/${address.address}`;
    const repeated = seen.has(id) ? [duplicate(path, address)] : [];
    seen.add(id);
    return repeated;
  });
  return [...validateStatusMeta(node.metadata), ...validateResources(node), ...addresses];
}

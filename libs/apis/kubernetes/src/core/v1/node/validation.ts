import { quote } from '@binnacle/machinery-meta';
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
import { type ResourceList, each, validateMeta, validateStatusMeta } from '@binnacle/apis-registry';
import type { Node, NodeSpec, Taint } from '../index.js';
import { validateAmount } from '../pod/resource-validation.js';
import { validateTaintEffect } from '../pod/scheduling-validation.js';
import { validateLink } from '../../../links/index.js';

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

const FEATURE = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/;
const MAX_FEATURE = 253;
const FEATURE_FORM =
  "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";

function featureComplaints(name: string): string[] {
  if (name.length > MAX_FEATURE)
    return [`invalid feature name ${quote(name)}: must be no more than ${MAX_FEATURE} characters`];
  return FEATURE.test(name) ? [] : [`invalid feature name ${quote(name)}: ${FEATURE_FORM}`];
}

/** Behaves as kubernetes validateNodeDeclaredFeatures. */
function validateFeatures({ status }: Node): FieldError[] {
  const { declaredFeatures: names = [] } = status ?? {};
  const path = fieldPath('status', 'declaredFeatures');
  return names.flatMap((name, index) => {
    const at = path.index(index);
    const before = names[index - 1] ?? '';
    return [
      ...invalidEach(at, name, featureComplaints(name)),
      ...(index > 0 && before === name ? [duplicate(at, name)] : []),
      ...(before > name ? [invalid(at, name, 'list must be sorted alphabetically')] : []),
    ];
  });
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
    ...validateLink(node.metadata.annotations, fieldPath('metadata', 'annotations')),
    ...validateTaints(node.spec?.taints),
    ...validateResources(node),
    ...validateFeatures(node),
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
  return [...validateStatusMeta(node.metadata), ...validateResources(node), ...validateFeatures(node), ...addresses];
}

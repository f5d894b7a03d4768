import type { SubjectAccessReview } from '@binnacle/apis-kubernetes/authorization/v1';
import {
  type FieldSelectorRequirement,
  type LabelSelectorRequirement,
  newBadRequest,
  newInvalid,
  type ObjectMeta,
} from '@binnacle/machinery-meta';
import {
  type FieldError,
  type FieldPath,
  fieldPath,
  forbidden,
  invalid,
  required,
  validateLabelSelectorRequirement,
} from '@binnacle/machinery-validation';

type Spec = Partial<SubjectAccessReview['spec']>;

/** What was sent, of which any part may be missing. */
export interface AccessReview {
  readonly metadata: ObjectMeta;
  readonly spec?: Spec;
}

const SPEC = fieldPath('spec');

/** A path as Go prints one, which has no JSON names of its own. */
const printed = ({ path = '', verb = '' }: NonNullable<Spec['nonResourceAttributes']>) => ({ Path: path, Verb: verb });

/** An act is about a resource or about a path, and never about both. */
function actErrors({ resourceAttributes: resource, nonResourceAttributes: path }: Spec): FieldError[] {
  if (resource && path) {
    const why = 'cannot be specified in combination with resourceAttributes';
    return [invalid(SPEC.child('nonResourceAttributes'), printed(path), why)];
  }
  if (resource || path) return [];
  const why = 'exactly one of nonResourceAttributes or resourceAttributes must be specified';
  return [invalid(SPEC.child('resourceAttributes'), null, why)];
}

interface Selector<T> {
  readonly rawSelector?: string;
  readonly requirements?: readonly T[];
}

type Check<T> = (requirement: T, path: FieldPath) => FieldError[];

const OPERATORS: ReadonlySet<string> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

/** What newer clients know more of than this server is left out of the question later, and no error. */
function checkLabel(requirement: LabelSelectorRequirement, path: FieldPath): FieldError[] {
  const errors = validateLabelSelectorRequirement(requirement, path);
  const operator = String(path.child('operator'));
  return OPERATORS.has(requirement.operator) ? errors : errors.filter(({ field }) => field !== operator);
}

function checkField({ key, operator, values = [] }: FieldSelectorRequirement, path: FieldPath): FieldError[] {
  const errors = key ? [] : [required(path.child('key'), 'must be specified')];
  if ((operator === 'In' || operator === 'NotIn') && values.length === 0) {
    errors.push(required(path.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
  }
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length > 0) {
    const why = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
    errors.push(forbidden(path.child('values'), why));
  }
  return errors;
}

/** A selector is either text or requirements. */
function checkSelector<T>(selector: Selector<T> | undefined, name: string, check: Check<T>): FieldError[] {
  if (!selector) return [];
  const path = SPEC.child('resourceAttributes').child(name);
  const { rawSelector = '', requirements = [] } = selector;
  const each = requirements.flatMap((one, index) => check(one, path.child('requirements').index(index)));
  if (rawSelector && requirements.length > 0) {
    const why = 'may not specified at the same time as requirements';
    return [invalid(path.child('rawSelector'), rawSelector, why), ...each];
  }
  if (rawSelector || requirements.length > 0) return each;
  const why = `when spec.resourceAttributes.${name} is specified, requirements or rawSelector is required`;
  return [required(path.child('requirements'), why)];
}

function checkSelectors({ resourceAttributes: resource }: Spec): FieldError[] {
  return [
    ...checkSelector(resource?.fieldSelector, 'fieldSelector', checkField),
    ...checkSelector(resource?.labelSelector, 'labelSelector', checkLabel),
  ];
}

function checkSubject({ user, groups }: Spec): FieldError[] {
  if (user || groups?.length) return [];
  return [invalid(SPEC.child('user'), '', 'at least one of user or group must be specified')];
}

function checkLocal(
  { resourceAttributes: resource, nonResourceAttributes: path }: Spec,
  namespace: string,
): FieldError[] {
  const named = resource?.namespace ?? '';
  if (resource && named !== namespace) {
    return [invalid(SPEC.child('resourceAttributes').child('namespace'), named, 'must match metadata.namespace')];
  }
  if (!path) return [];
  return [invalid(SPEC.child('nonResourceAttributes'), printed(path), 'disallowed on this kind of request')];
}

/** A review is kept nowhere, and so has nothing to be known by. */
function checkMetadata({ managedFields: _fields, namespace, ...rest }: ObjectMeta, isLocal: boolean): FieldError[] {
  if (Object.values(rest).every((value) => value === undefined || value === null)) return [];
  const shown = { ...rest, ...(namespace && { namespace }) };
  return [invalid('metadata', shown, isLocal ? 'must be empty except for namespace' : 'must be empty')];
}

/**
 * Refuses a review that does not say what of whom is asked, or where. Behaves as kubernetes pkg/apis/authorization/validation.
 * `namespace` is that of the URL, and becomes the review's.
 */
export function checkAccessReview(kind: string, review: AccessReview, namespace: string): void {
  const isLocal = kind === 'LocalSubjectAccessReview';
  const { spec = {}, metadata } = review;
  placeReview(metadata, isLocal ? namespace : undefined);
  const errors = [
    ...actErrors(spec),
    ...(kind === 'SelfSubjectAccessReview' ? [] : checkSubject(spec)),
    ...checkSelectors(spec),
    ...checkMetadata(metadata, isLocal),
    ...(isLocal ? checkLocal(spec, namespace) : []),
  ];
  // Upstream leaves the kind out.
  if (errors.length > 0) throw newInvalid({ group: 'authorization.k8s.io', kind: '' }, '', errors);
}

/** What is of no namespace is told none, as with every kind. */
function placeReview(metadata: ObjectMeta, namespace: string | undefined): void {
  if (namespace === undefined) {
    delete metadata.namespace;
    return;
  }
  if (metadata.namespace && metadata.namespace !== namespace) {
    throw newBadRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  metadata.namespace = namespace;
}

/** Refuses a question that does not say about what it is. */
export function checkAct(spec: Spec): void {
  const errors = actErrors(spec);
  if (errors.length > 0) throw newInvalid({ group: 'authorization.binnacle.dev', kind: 'WhoCan' }, '', errors);
}

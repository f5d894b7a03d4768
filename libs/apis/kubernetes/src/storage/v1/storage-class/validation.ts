import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  invalidEach,
  isQualifiedName,
  required,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { each, oneOf, repeated, validateMeta, validateSupported } from '@binnacle/apis-registry';
import type { TopologySelectorLabelRequirement, TopologySelectorTerm } from '../../../core/v1/index.js';
import type { StorageClass } from '../index.js';
import { validateParameters, validateProvisioner } from '../provisioning.js';

const RECLAIM_POLICIES = ['Delete', 'Retain'];
const BINDING_MODES = ['Immediate', 'WaitForFirstConsumer'];
const IMMUTABLE = ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const;

function validateReclaimPolicy(policy = '', path: FieldPath): FieldError[] {
  return policy === '' ? [] : validateSupported(policy, path, RECLAIM_POLICIES);
}

function validateRequirement({ key, values }: TopologySelectorLabelRequirement, path: FieldPath): FieldError[] {
  const at = path.child('values');
  return [
    ...(values?.length ? [] : [required(at)]),
    ...repeated(values, at),
    ...invalidEach(path.child('key'), key, isQualifiedName(key)),
  ];
}

/** What a term asks for, whatever the order it says it in. */
function meaningOf({ matchLabelExpressions = [] }: TopologySelectorTerm): string {
  const meaning = new Map(matchLabelExpressions.map(({ key, values }) => [key, [...new Set(values)].sort()]));
  return JSON.stringify([...meaning].sort());
}

function validateTerm({ matchLabelExpressions }: TopologySelectorTerm, path: FieldPath): FieldError[] {
  const at = path.child('matchLabelExpressions');
  return [
    ...each(matchLabelExpressions, at, validateRequirement),
    ...repeated(matchLabelExpressions, at, ({ key }) => key, 'key'),
  ];
}

/** Who has thousands of terms that are the same is not told of every two of them. */
const MOST_TOLD = 100;

/** Of an empty term upstream finds one before it for every term there is. */
function validateTopologies(terms: readonly TopologySelectorTerm[] = [], path: FieldPath): FieldError[] {
  const seen = new Map([[meaningOf({}), terms.length]]);
  return each(terms, path, (term, at) => {
    const meaning = meaningOf(term);
    const same = seen.get(meaning) ?? 0;
    seen.set(meaning, same + 1);
    const told = new Array<undefined>(Math.min(same, MOST_TOLD)).fill(undefined);
    return [...validateTerm(term, at), ...told.map(() => duplicate(at.child('matchLabelExpressions'), ''))];
  });
}

/** Behaves as kubernetes pkg/apis/storage/validation ValidateStorageClass. */
export function validateStorageClass(storage: StorageClass): FieldError[] {
  return [
    ...validateMeta(storage, false),
    ...validateProvisioner(storage.provisioner, fieldPath('provisioner')),
    ...validateParameters(storage.parameters ?? {}, fieldPath('parameters')),
    ...validateReclaimPolicy(storage.reclaimPolicy, fieldPath('reclaimPolicy')),
    ...oneOf(storage.volumeBindingMode, fieldPath('volumeBindingMode'), BINDING_MODES),
    ...validateTopologies(storage.allowedTopologies, fieldPath('allowedTopologies')),
  ];
}

export function validateStorageClassUpdate(next: StorageClass, old: StorageClass): FieldError[] {
  return IMMUTABLE.flatMap((field) => validateImmutable(next[field], old[field], fieldPath(field)));
}

import type { Steps } from '@binnacle/machinery-context';
import {
  type FieldError,
  fieldPath,
  invalid,
  type NameCheck,
  nameIsDnsSubdomain,
  validateImmutable,
  validateObjectMeta,
} from '@binnacle/machinery-validation';
import { validateApproval } from './approval.js';
import { validateNames } from './names-validation.js';
import { FOR_NEW, optionsForUpdate } from './options.js';
import { validateSpec } from './spec-validation.js';
import { type CustomResourceDefinition, isTrue } from './types.js';
import type { Tools } from './version-validation.js';

const [METADATA, SPEC, STATUS] = [fieldPath('metadata'), fieldPath('spec'), fieldPath('status')];

function nameCheck({ spec }: CustomResourceDefinition): NameCheck {
  return (name, prefix) => {
    const complaints = nameIsDnsSubdomain(name, prefix);
    const isGood = name === `${spec.names.plural}.${spec.group}`;
    return isGood ? complaints : [...complaints, 'must be spec.names.plural+"."+spec.group'];
  };
}

function validateStoredVersions({ spec, status }: CustomResourceDefinition): FieldError[] {
  const path = STATUS.child('storedVersions');
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0) return [invalid(path, stored, 'must have at least one stored version')];
  const left = new Map(stored.map((version, index) => [version, index]));
  const errors: FieldError[] = [];
  for (const { name, storage } of spec.versions) {
    if (!left.delete(name) && storage) errors.push(invalid(path, stored, `must have the storage version ${name}`));
  }
  const why = (version: string): string =>
    `missing from spec.versions; ${version} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${version} and removes ${version} from status.storedVersions`;
  return [...errors, ...[...left].map(([version, index]) => invalid(path.index(index), version, why(version)))];
}

function validateAcceptedNames({ status }: CustomResourceDefinition): FieldError[] {
  const { acceptedNames = { plural: '', kind: '' } } = status ?? {};
  return validateNames(acceptedNames, STATUS.child('acceptedNames'));
}

function validatePreserve(next: CustomResourceDefinition, old?: CustomResourceDefinition): FieldError[] {
  if (old?.spec.preserveUnknownFields || !next.spec.preserveUnknownFields) return [];
  const why = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead';
  return [invalid(SPEC.child('preserveUnknownFields'), true, why)];
}

function validateRest(next: CustomResourceDefinition, old?: CustomResourceDefinition): FieldError[] {
  return [
    ...validateAcceptedNames(next),
    ...validateStoredVersions(next),
    ...validateApproval(next, old),
    ...validatePreserve(next, old),
  ];
}

/** Behaves as kubernetes apiextensions-apiserver pkg/apis/apiextensions/validation, a step for each schema and rule. */
export function* validateNew(definition: CustomResourceDefinition, tools: Tools): Steps<FieldError[]> {
  return [
    ...validateObjectMeta(definition.metadata, false, nameCheck(definition), METADATA),
    ...(yield* validateSpec(definition.spec, SPEC, FOR_NEW, tools)),
    ...validateRest(definition),
  ];
}

function validateFixed(next: CustomResourceDefinition, old: CustomResourceDefinition): FieldError[] {
  const names = SPEC.child('names');
  const [spec, before] = [next.spec, old.spec];
  const whileEstablished = isTrue(old, 'Established')
    ? [
        ...validateImmutable(spec.scope, before.scope, SPEC.child('scope')),
        ...validateImmutable(spec.names.kind, before.names.kind, names.child('kind')),
      ]
    : [];
  return [
    ...whileEstablished,
    ...validateImmutable(spec.group, before.group, SPEC.child('group')),
    ...validateImmutable(spec.names.plural, before.names.plural, names.child('plural')),
  ];
}

export function* validateUpdate(
  next: CustomResourceDefinition,
  old: CustomResourceDefinition,
  tools: Tools,
): Steps<FieldError[]> {
  return [
    ...(yield* validateSpec(next.spec, SPEC, optionsForUpdate(next, old), tools)),
    ...validateFixed(next, old),
    ...validateRest(next, old),
  ];
}

export function validateStatusUpdate(next: CustomResourceDefinition): FieldError[] {
  return validateAcceptedNames(next);
}

import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  nameIsDnsLabel,
  nameIsDnsSubdomain,
  validateImmutable,
  validateLabels,
  validateObjectMeta,
} from '@binnacle/machinery-validation';
import { each, optional, wellFormed } from '@binnacle/apis-registry';
import type { Toleration } from '../../../core/v1/index.js';
import { validateResourceRequirements } from '../../../core/v1/pod/resource-validation.js';
import { validateTolerations } from '../../../core/v1/pod/scheduling-validation.js';
import { deprecationOf } from '../../../node-labels/deprecated.js';
import type { RuntimeClass, Scheduling } from '../index.js';

const HANDLER = fieldPath('handler');

/** Two that differ in nothing but how long they are tolerated are one. */
function validateUnique(tolerations: readonly Toleration[] | undefined, path: FieldPath): FieldError[] {
  const seen = new Set<string>();
  return each(tolerations, path, (toleration, at) => {
    const { key = '', operator = '', value = '', effect = '' } = toleration;
    const id = JSON.stringify([key, operator, value, effect]);
    const found = seen.has(id) ? [duplicate(at, toleration)] : [];
    seen.add(id);
    return found;
  });
}

function validateScheduling({ nodeSelector, tolerations }: Scheduling, path: FieldPath): FieldError[] {
  const at = path.child('tolerations');
  return [
    ...validateLabels(nodeSelector, path.child('nodeSelector')),
    ...validateTolerations(tolerations, at),
    ...validateUnique(tolerations, at),
  ];
}

/** Behaves as kubernetes pkg/apis/node/validation ValidateRuntimeClass, which lets finalizers have any name. */
export function validateRuntimeClass(runtimeClass: RuntimeClass): FieldError[] {
  const { handler, overhead, scheduling } = runtimeClass;
  return [
    ...validateObjectMeta(runtimeClass.metadata, false, nameIsDnsSubdomain, fieldPath('metadata')),
    ...wellFormed(handler, HANDLER, (name) => nameIsDnsLabel(name, false)),
    ...optional(overhead, fieldPath('overhead'), ({ podFixed }, at) =>
      validateResourceRequirements({ ...(podFixed && { limits: podFixed }) }, at),
    ),
    ...optional(scheduling, fieldPath('scheduling'), validateScheduling),
  ];
}

export function validateRuntimeClassUpdate(next: RuntimeClass, old: RuntimeClass): FieldError[] {
  return validateImmutable(next.handler ?? '', old.handler, HANDLER);
}

export function runtimeClassWarnings({ scheduling }: RuntimeClass): string[] {
  const old = Object.keys(scheduling?.nodeSelector ?? {}).map(deprecationOf);
  return old.filter((text) => text !== undefined).map((text) => `scheduling.nodeSelector: ${text}`);
}

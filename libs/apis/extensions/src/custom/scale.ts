import type { ScaleMapping } from '@binnacle/apis-registry';
import { newBadRequest, newInternalError, quote, type UnstructuredObject } from '@binnacle/machinery-meta';
import { type FieldError, fieldPath, invalid } from '@binnacle/machinery-validation';
import type { CustomResourceSubresourceScale } from '../crd/types.js';
import { type Found, nestedInteger, nestedText, setNested, simplePath } from './paths.js';

const MAX_INT32 = 2 ** 31 - 1;

function taken<T>({ value, problem }: Found<T>): T | undefined {
  if (problem !== undefined) throw newInternalError(problem);
  return value;
}

/** Where a definition says that replicas are. Behaves as upstream's ScaleREST of custom resources. */
export function scaleMapping(scale: CustomResourceSubresourceScale): ScaleMapping<UnstructuredObject> {
  const [spec, status] = [simplePath(scale.specReplicasPath), simplePath(scale.statusReplicasPath)];
  const selector = scale.labelSelectorPath ? simplePath(scale.labelSelectorPath) : undefined;
  return {
    path: spec,
    get: (object) => {
      const replicas = taken(nestedInteger(object, spec));
      if (replicas === undefined) {
        throw newInternalError(`the spec replicas field ${quote(scale.specReplicasPath)} does not exist`);
      }
      return {
        spec: replicas,
        status: taken(nestedInteger(object, status)) ?? 0,
        selector: selector ? (taken(nestedText(object, selector)) ?? '') : '',
      };
    },
    set: (object, replicas) => {
      try {
        setNested(object, spec, replicas);
      } catch (error) {
        throw newBadRequest((error as Error).message);
      }
    },
  };
}

function validateReplicas(object: unknown, path: string): FieldError[] {
  const at = fieldPath(path);
  const { value = 0, problem } = nestedInteger(object, simplePath(path));
  if (problem !== undefined) return [invalid(at, 0, problem)];
  if (value < 0) return [invalid(at, value, 'should be a non-negative integer')];
  return value > MAX_INT32 ? [invalid(at, value, `should be less than or equal to ${MAX_INT32}`)] : [];
}

export function validateScaleSpec(object: unknown, scale: CustomResourceSubresourceScale | undefined): FieldError[] {
  return scale ? validateReplicas(object, scale.specReplicasPath) : [];
}

export function validateScaleStatus(object: unknown, scale: CustomResourceSubresourceScale | undefined): FieldError[] {
  if (!scale) return [];
  const { labelSelectorPath } = scale;
  const errors = validateReplicas(object, scale.statusReplicasPath);
  const { problem } = labelSelectorPath ? nestedText(object, simplePath(labelSelectorPath)) : {};
  return problem === undefined ? errors : [...errors, invalid(fieldPath(labelSelectorPath ?? ''), '', problem)];
}

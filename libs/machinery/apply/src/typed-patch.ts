import {
  newUnclassifiedError,
  parseApiVersion,
  type StatusError,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { type ApplyType, ATOMIC } from './apply-type.js';
import { partsOf } from './parts.js';
import { memberElement, printElement } from './path-element.js';

/** What upstream says of a configuration that does not fit the schema of its kind; unlike other bad input, a 500. */
export function typedPatchError(config: UnstructuredObject, why: string): StatusError {
  const { namespace = '', name = '' } = config.metadata;
  const { group, version } = parseApiVersion(config.apiVersion ?? '');
  const what = `${namespace}/${name}; ${group}/${version}, Kind=${config.kind ?? ''}`;
  return newUnclassifiedError(`failed to create typed patch object (${what}): ${why}`);
}

/** A place in a value as server-side apply prints it: `.spec.containers[name="web"].image`. */
export function printPath(value: unknown, type: ApplyType, steps: readonly (string | number)[]): string {
  const [step, ...rest] = steps;
  if (step === undefined) return '';
  const parts = partsOf(value, type) ?? [];
  const part = typeof step === 'number' ? parts[step] : parts.find(({ element }) => element === memberElement(step));
  const plain = typeof step === 'number' ? `[${step}]` : `.${step}`;
  return (part ? printElement(part.element) : plain) + printPath(part?.value, part?.type ?? ATOMIC, rest);
}

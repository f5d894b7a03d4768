import { type FieldError, type FieldPath, invalid, isPathSegmentName } from '@binnacle/machinery-validation';
import { wellFormed } from '@binnacle/apis-registry';
import type { CrossVersionObjectReference } from '../index.js';

/** Whether its version must be right, and may be of the core group. */
export type VersionRule = 'group' | 'any group' | 'unchecked';

function versionProblem(apiVersion: string, rule: VersionRule): string | undefined {
  if (rule === 'unchecked') return undefined;
  const slashes = apiVersion.split('/').length - 1;
  if (slashes > 1) return `unexpected GroupVersion string: ${apiVersion}`;
  const group = slashes === 1 ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return group === '' && rule === 'group' ? 'apiVersion must specify API group' : undefined;
}

export const isVersionRight = ({ apiVersion = '' }: CrossVersionObjectReference, rule: VersionRule): boolean =>
  versionProblem(apiVersion, rule) === undefined;

/** Behaves as kubernetes ValidateCrossVersionObjectReference. */
export function validateReference(
  reference: CrossVersionObjectReference | undefined,
  path: FieldPath,
  rule: VersionRule,
): FieldError[] {
  const { kind, name, apiVersion = '' } = reference ?? { kind: '', name: '' };
  const problem = versionProblem(apiVersion, rule);
  return [
    ...wellFormed(kind, path.child('kind'), isPathSegmentName),
    ...wellFormed(name, path.child('name'), isPathSegmentName),
    ...(problem === undefined ? [] : [invalid(path.child('apiVersion'), apiVersion, problem)]),
  ];
}

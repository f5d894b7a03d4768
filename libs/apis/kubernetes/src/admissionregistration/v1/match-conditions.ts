import { type FieldError, type FieldPath, isQualifiedName, required, tooMany } from '@binnacle/machinery-validation';
import { each, repeated, wellFormed } from '@binnacle/apis-registry';
import { validateExpression } from './expressions.js';
import type { MatchCondition } from './index.js';

const MOST = 64;

function validateCondition({ name, expression = '' }: MatchCondition, path: FieldPath, params: boolean): FieldError[] {
  const at = path.child('expression');
  const text = expression.trim();
  return [
    ...(text ? validateExpression(text, at, { params, authorizer: true }, 'bool') : [required(at)]),
    ...wellFormed(name, path.child('name'), isQualifiedName),
  ];
}

/** Which requests are looked at at all. `params`: whether there are parameters to look at. */
export function validateMatchConditions(
  conditions: readonly MatchCondition[] = [],
  path: FieldPath,
  params: boolean,
): FieldError[] {
  return [
    ...(conditions.length > MOST ? [tooMany(path, conditions.length, MOST)] : []),
    ...each(conditions, path, (condition, at) => validateCondition(condition, at, params)),
    ...repeated(conditions, path, ({ name }) => name || undefined, 'name'),
  ];
}

import {
  type CelType,
  compile,
  formatType,
  listOf,
  mapOf,
  nameObjects,
  type Program,
  STRING,
} from '@binnacle/machinery-cel';
import { duplicate, type FieldError, type FieldPath, invalid, required, tooMany } from '@binnacle/machinery-validation';
import type { SubjectAccessReviewSpec } from './subject-access-review.js';

const MOST_CONDITIONS = 64;
const RESOURCE_TEXTS = ['namespace', 'verb', 'group', 'version', 'resource', 'subresource', 'name'] as const;

function object(name: string, fields: Readonly<Record<string, CelType>>): CelType {
  return nameObjects({ kind: 'object', name: '', fields: new Map(Object.entries(fields)) }, name);
}

const REQUIREMENT = object('kubernetes.SelectorRequirement', {
  key: STRING,
  operator: STRING,
  values: listOf(STRING),
});
const selector = (name: string): CelType => object(name, { rawSelector: STRING, requirements: listOf(REQUIREMENT) });

const REQUEST = object('kubernetes.SubjectAccessReviewSpec', {
  resourceAttributes: object('kubernetes.ResourceAttributes', {
    ...Object.fromEntries(RESOURCE_TEXTS.map((name) => [name, STRING])),
    fieldSelector: selector('kubernetes.FieldSelectorAttributes'),
    labelSelector: selector('kubernetes.LabelSelectorAttributes'),
  }),
  nonResourceAttributes: object('kubernetes.NonResourceAttributes', { path: STRING, verb: STRING }),
  user: STRING,
  groups: listOf(STRING),
  extra: mapOf(STRING, listOf(STRING)),
  uid: STRING,
});

function compileOne(errors: FieldError[], expression: string, path: FieldPath): Program[] {
  const compiled = compile(expression, { variables: { request: REQUEST } });
  if (!compiled.ok) {
    errors.push(invalid(path, expression, `compilation failed: ${compiled.message}`));
    return [];
  }
  const { program } = compiled;
  if (program.type.kind === 'bool') return [program];
  errors.push(invalid(path, expression, `must evaluate to bool but got ${formatType(program.type)}`));
  return [];
}

/** Behaves as kubernetes apiserver pkg/apis/apiserver/validation compileMatchConditions. What is wrong is noted. */
export function compileConditions(
  errors: FieldError[],
  conditions: readonly { readonly expression?: string }[],
  path: FieldPath,
): Program[] {
  if (conditions.length > MOST_CONDITIONS) {
    errors.push(tooMany(path, conditions.length, MOST_CONDITIONS));
    return [];
  }
  const seen = new Set<string>();
  return conditions.flatMap(({ expression = '' }, index) => {
    const at = path.index(index).child('expression');
    if (expression.trim() === '') errors.push(required(at));
    else if (seen.has(expression)) errors.push(duplicate(at, expression));
    else {
      seen.add(expression);
      return compileOne(errors, expression, at);
    }
    return [];
  });
}

/** What conditions come to; `fault` where they say neither that they match nor that they do not. */
export type Matched = { readonly matches: boolean } | { readonly fault: string };

/** Every text is there, also an empty one, so that expressions need not ask whether it is. */
function requestOf({ resourceAttributes: resource, ...spec }: SubjectAccessReviewSpec): object {
  const texts = Object.fromEntries(RESOURCE_TEXTS.map((name) => [name, '']));
  return {
    ...{ uid: '', groups: [], ...spec },
    ...(resource && { resourceAttributes: { ...texts, ...resource } }),
  };
}

/** Whether all conditions hold; one that does not counts for more than one that cannot be told. */
export function matchedBy(conditions: readonly Program[], spec: SubjectAccessReviewSpec): Matched {
  if (conditions.length === 0) return { matches: true };
  const request = requestOf(spec);
  const faults: string[] = [];
  for (const condition of conditions) {
    const result = condition.evaluate({ request });
    if (!result.ok)
      faults.push(`cel evaluation error: expression '${condition.source}' resulted in error: ${result.message}`);
    else if (result.value !== true) return { matches: false };
  }
  if (faults.length === 0) return { matches: true };
  return { fault: faults.length > 1 ? `[${faults.join(', ')}]` : (faults[0] ?? '') };
}

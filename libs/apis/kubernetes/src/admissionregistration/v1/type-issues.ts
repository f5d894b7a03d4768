import { type CelType, compile, DYN } from '@binnacle/machinery-cel';
import { namesOf } from './expressions.js';
import type { Variable } from './index.js';

/** What the objects of a policy are; what is not known of them is not looked at. */
export interface ObjectTypes {
  readonly object: CelType;
  /** There where the policy has parameters. */
  readonly params?: CelType;
}

/** The variables of a policy, each as the ones before it make it. */
function variablesOf(types: ObjectTypes, variables: readonly Variable[]): ReadonlyMap<string, CelType> {
  const known = new Map<string, CelType>();
  for (const { name, expression } of variables) {
    const compiled = compile(expression, { variables: namesOf(sightOf(types, known)) });
    known.set(name, compiled.ok ? compiled.program.type : DYN);
  }
  return known;
}

const sightOf = (objects: ObjectTypes, variables: ReadonlyMap<string, CelType>) => ({
  params: objects.params !== undefined,
  authorizer: true,
  variables,
  objects,
});

/**
 * Tells of expressions of a policy what is wrong with them for objects of these types; undefined where nothing is. Behaves as
 * kubernetes apiserver pkg/admission/plugin/policy/validating/typechecking.go.
 */
export function typeIssues(types: ObjectTypes, variables: readonly Variable[]): (text: string) => string | undefined {
  const names = namesOf(sightOf(types, variablesOf(types, variables)));
  return (text) => {
    const compiled = compile(text, { variables: names });
    return compiled.ok || compiled.reason === 'program' ? undefined : compiled.message;
  };
}

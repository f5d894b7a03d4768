import type { AggregationRule, PolicyRule, RoleRef, Subject } from '@binnacle/apis-kubernetes/rbac/v1';
import type { ObjectMeta, UnstructuredObject } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import { uncovered } from '@binnacle/server-auth';

const AUTOUPDATE = 'rbac.authorization.kubernetes.io/autoupdate';

/** A role or binding, as it is stored and as it has to be. */
export interface RbacObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly rules?: PolicyRule[];
  readonly aggregationRule?: AggregationRule;
  readonly roleRef?: RoleRef;
  readonly subjects?: Subject[];
}

type Texts = Readonly<Record<string, string>>;

const isProtected = ({ metadata }: RbacObject): boolean => metadata.annotations?.[AUTOUPDATE] === 'false';

/** What was added stands, also where it says something else. */
function withMissing(current: Texts | undefined, wanted: Texts | undefined): Record<string, string> {
  return { ...wanted, ...current };
}

function withMeta<T extends RbacObject>(current: T, wanted: RbacObject): T {
  const annotations = withMissing(current.metadata.annotations, wanted.metadata.annotations);
  const labels = withMissing(current.metadata.labels, wanted.metadata.labels);
  return { ...current, metadata: { ...current.metadata, annotations, labels } };
}

/** Which roles are gathered is the server's to say, what else somebody gathers theirs. */
function withSelectors(current: RbacObject, { aggregationRule: wanted }: RbacObject): Partial<RbacObject> {
  if (!wanted) return { aggregationRule: undefined } as unknown as Partial<RbacObject>;
  const known = current.aggregationRule?.clusterRoleSelectors ?? [];
  const missing = (wanted.clusterRoleSelectors ?? []).filter(
    (one) => !known.some((other) => semanticEqual(one, other)),
  );
  return { aggregationRule: { clusterRoleSelectors: [...known, ...missing] } };
}

function roleAsWanted(current: RbacObject, wanted: RbacObject): RbacObject {
  const missing = uncovered(current.rules ?? [], wanted.rules ?? []);
  const rules = missing.length > 0 ? { rules: [...(current.rules ?? []), ...missing] } : {};
  return { ...withMeta(current, wanted), ...rules, ...withSelectors(current, wanted) };
}

function bindingAsWanted(current: RbacObject, wanted: RbacObject): RbacObject {
  const known = current.subjects ?? [];
  const missing = (wanted.subjects ?? []).filter((one) => !known.some((other) => semanticEqual(one, other)));
  const subjects = missing.length > 0 ? { subjects: [...known, ...missing] } : {};
  return { ...withMeta(current, wanted), ...subjects };
}

/** What has to be done with a stored object that is not as the server wants it. */
export type Mend =
  | { readonly act: 'update'; readonly object: UnstructuredObject }
  /** A binding keeps its role for life: that of another role is made anew. */
  | { readonly act: 'replace' };

/**
 * What is to be done so that an object has at least what the server wants; nothing where it has, or where it says that it does
 * not follow the server. Behaves as kubernetes component-helpers auth/rbac/reconciliation.
 */
export function mendOf(current: RbacObject, wanted: RbacObject): Mend | undefined {
  if (isProtected(current)) return undefined;
  const isBinding = wanted.roleRef !== undefined;
  if (isBinding && !semanticEqual(current.roleRef, wanted.roleRef)) return { act: 'replace' };
  const next = isBinding ? bindingAsWanted(current, wanted) : roleAsWanted(current, wanted);
  return semanticEqual(next, current) ? undefined : { act: 'update', object: next as unknown as UnstructuredObject };
}

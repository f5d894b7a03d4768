import type { ValidatingAdmissionPolicy } from '@binnacle/apis-kubernetes/admissionregistration/v1';

/** No more types than these are looked at of a policy. */
export const MOST_TYPES = 10;

export interface ResourceName {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

type Rule = NonNullable<
  NonNullable<NonNullable<ValidatingAdmissionPolicy['spec']>['matchConstraints']>['resourceRules']
>[number];

const isWild = (text: string) => text.includes('*');

function namesOf({ apiGroups = [], apiVersions = [], resources = [] }: Rule): ResourceName[] {
  if (apiGroups.some(isWild) || apiVersions.some(isWild)) return [];
  const plain = resources.filter((resource) => !isWild(resource) && !resource.includes('/')).sort();
  return [...apiGroups]
    .sort()
    .flatMap((group) =>
      [...apiVersions].sort().flatMap((version) => plain.map((resource) => ({ group, version, resource }))),
    );
}

/** The resources a policy names one by one: what it says of all of a group cannot be looked at. */
export function resourcesToCheck({ spec }: ValidatingAdmissionPolicy): ResourceName[] {
  const all = (spec?.matchConstraints?.resourceRules ?? []).flatMap(namesOf);
  const known = new Map(all.map((each) => [`${each.group}/${each.version}/${each.resource}`, each]));
  return [...known.values()];
}

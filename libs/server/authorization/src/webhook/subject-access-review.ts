import type { LabelSelectorRequirement } from '@binnacle/machinery-meta';
import { parseFieldSelector, parseLabelSelector, requirementToObject } from '@binnacle/machinery-selectors';
import type { AuthorizationAttributes, ResourceAct } from '@binnacle/server-auth';

/** Tells a webhook which logical cluster is asked about; nobody can say it of themselves. */
export const CLUSTER_EXTRA = 'authorization.binnacle.dev/cluster';

interface Selector {
  readonly requirements: readonly LabelSelectorRequirement[];
}

/** What is asked of a webhook, as authorization.k8s.io has it. */
export interface SubjectAccessReviewSpec {
  readonly user: string;
  readonly uid?: string;
  readonly groups?: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
  readonly resourceAttributes?: {
    readonly [name in keyof Omit<ResourceAct, 'fieldSelector' | 'labelSelector'> | 'verb']?: string;
  } & { readonly fieldSelector?: Selector; readonly labelSelector?: Selector };
  readonly nonResourceAttributes?: { readonly path: string; readonly verb: string };
}

/** Selectors only narrow: what cannot be read of one is as if it were not there. */
function read(text: string | undefined, parse: (text: string) => LabelSelectorRequirement[]): Selector | undefined {
  if (!text) return undefined;
  try {
    const requirements = parse(text);
    return requirements.length > 0 ? { requirements } : undefined;
  } catch {
    return undefined;
  }
}

const fieldRequirements = (text: string): LabelSelectorRequirement[] =>
  parseFieldSelector(text).requirements.map(({ field, operator, value }) => ({
    key: field,
    operator: operator === '=' ? 'In' : 'NotIn',
    values: [value],
  }));

const labelRequirements = (text: string): LabelSelectorRequirement[] =>
  parseLabelSelector(text).requirements.flatMap((requirement) => requirementToObject(requirement) ?? []);

/** Empty texts are left out, as Go leaves them out. */
function said<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined)) as T;
}

function resourceAttributes(verb: string, { fieldSelector, labelSelector, ...resource }: ResourceAct) {
  const { namespace, group, version, resource: plural, subresource, name } = resource;
  return said({
    ...{ namespace, verb, group, version, resource: plural, subresource, name },
    fieldSelector: read(fieldSelector, fieldRequirements),
    labelSelector: read(labelSelector, labelRequirements),
  });
}

/** The question that attributes are. Behaves as kubernetes apiserver plugin/pkg/authorizer/webhook. */
export function reviewSpecOf(attributes: AuthorizationAttributes): SubjectAccessReviewSpec {
  const { user, cluster, verb, resource, path = '' } = attributes;
  const { name, uid = '', groups, extra } = user;
  return {
    ...(resource
      ? { resourceAttributes: resourceAttributes(verb, resource) }
      : { nonResourceAttributes: { path, verb } }),
    user: name,
    ...(groups.length > 0 && { groups }),
    extra: { ...extra, [CLUSTER_EXTRA]: [cluster] },
    ...(uid && { uid }),
  };
}

import type { ResourceAttributes, SubjectAccessReviewSpec } from '@binnacle/apis-kubernetes/authorization/v1';
import type { AuthorizationAttributes, ResourceAct } from '@binnacle/server-auth';
import { reviewedSelectors } from './review-selectors.js';

function resourceAttributes(of: ResourceAttributes): ResourceAct {
  const { group = '', version = '', resource = '', subresource = '', namespace = '', name = '' } = of;
  return { group, version: version || '*', resource, subresource, namespace, name };
}

/** What a review asks about, and what of its selectors could not be read. */
export interface ReviewedAct extends Pick<AuthorizationAttributes, 'verb' | 'resource' | 'path'> {
  readonly errors: readonly string[];
}

type Spec = Pick<SubjectAccessReviewSpec, 'resourceAttributes' | 'nonResourceAttributes'>;

export function reviewedAct({ resourceAttributes: resource, nonResourceAttributes: path }: Spec): ReviewedAct {
  if (!resource) return { verb: path?.verb ?? '', path: path?.path ?? '', errors: [] };
  const { errors, ...selectors } = reviewedSelectors(resource);
  return { verb: resource.verb ?? '', resource: { ...resourceAttributes(resource), ...selectors }, errors };
}

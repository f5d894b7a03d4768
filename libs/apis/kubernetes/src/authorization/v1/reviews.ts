import type { ServedKind } from '@binnacle/apis-schema';
import { postedKind } from '../../schemas/posted-kind.js';
import { priority } from './priority.js';

const posted = (kind: string, namespaced = false) =>
  postedKind({ group: 'authorization.k8s.io', version: 'v1', kind }, priority, namespaced);

export const authorizationReviews: readonly ServedKind[] = [
  posted('LocalSubjectAccessReview', true),
  posted('SelfSubjectAccessReview'),
  posted('SelfSubjectRulesReview'),
  posted('SubjectAccessReview'),
];

import type { ServedKind } from '@binnacle/apis-schema';
import { postedKind } from '../../schemas/posted-kind.js';
import { priority } from './priority.js';

const posted = (kind: string) => postedKind({ group: 'authentication.k8s.io', version: 'v1', kind }, priority);

export const authenticationReviews: readonly ServedKind[] = [posted('SelfSubjectReview'), posted('TokenReview')];

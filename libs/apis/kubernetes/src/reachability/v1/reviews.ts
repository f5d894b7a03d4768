import type { ExpectedKind, ServedKind } from '@binnacle/apis-schema';
import { priority } from '../../traffic/v1/priority.js';
import { REACHABILITY_REVIEW, reachabilitySchemas } from './schema.js';

const ADDRESS = { group: 'networking.binnacle.dev', version: 'v1' };
const SHAPE = { schema: REACHABILITY_REVIEW, schemas: reachabilitySchemas };

export const reachabilityKind: ExpectedKind = { ...ADDRESS, kind: 'ReachabilityReview', ...SHAPE };

/** The plural by which who may ask is said. */
export const REACHABILITY_REVIEWS = 'reachabilityreviews';

const names = { plural: REACHABILITY_REVIEWS, singular: 'reachabilityreview', kind: reachabilityKind.kind };

export const reachabilityReviews: readonly ServedKind[] = [
  {
    ...ADDRESS,
    ...SHAPE,
    names: { ...names, listKind: '', shortNames: [], categories: [] },
    namespaced: false,
    verbs: ['create'],
    subresources: [],
    priority,
  },
];

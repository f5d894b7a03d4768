import type { ExpectedKind, ServedKind } from '@binnacle/apis-schema';
import { priority } from '../../traffic/v1/priority.js';
import { REACHABILITY_REVIEW, reachabilitySchemas } from './schema.js';
import { askedKind } from '../../schemas/posted-kind.js';

const ADDRESS = { group: 'networking.binnacle.dev', version: 'v1' };
const SHAPE = { schema: REACHABILITY_REVIEW, schemas: reachabilitySchemas };

export const reachabilityKind: ExpectedKind = { ...ADDRESS, kind: 'ReachabilityReview', ...SHAPE };

/** The plural by which who may ask is said. */
export const REACHABILITY_REVIEWS = 'reachabilityreviews';

export const reachabilityReviews: readonly ServedKind[] = [askedKind(reachabilityKind, priority)];

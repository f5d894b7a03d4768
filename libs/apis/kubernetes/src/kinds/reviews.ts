import { authenticationReviews } from '../authentication/v1/reviews.js';
import { authorizationReviews } from '../authorization/v1/reviews.js';
import { corePosted } from '../core/v1/posted.js';
import { reachabilityReviews } from '../reachability/v1/reviews.js';
import { requestTrials } from '../trial/v1/reviews.js';
import { whoCanReviews } from '../who-can/v1/reviews.js';

/** Kinds of every cluster that are posted and never kept. */
export const reviewKinds = [
  ...authenticationReviews,
  ...authorizationReviews,
  ...whoCanReviews,
  ...reachabilityReviews,
  ...requestTrials,
  ...corePosted,
];

import type { ApiPriority } from '@binnacle/apis-schema';

/** Upstream's aggregator serves this group itself and always puts it first behind the core. */
export const priority: ApiPriority = { group: 17_900, version: 15 };

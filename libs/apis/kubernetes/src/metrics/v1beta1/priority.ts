import type { ApiPriority } from '@binnacle/apis-schema';

/** As metrics-server registers it. */
export const priority: ApiPriority = { group: 100, version: 100 };

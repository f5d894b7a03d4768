import type { ApiPriority } from '@binnacle/apis-schema';

/** Behind Kubernetes' own groups, before those of CustomResourceDefinitions. */
export const priority: ApiPriority = { group: 14_875, version: 15 };

import type { ApiPriority } from '@binnacle/apis-schema';

export const priority: ApiPriority = { group: 18_000, version: 1 };

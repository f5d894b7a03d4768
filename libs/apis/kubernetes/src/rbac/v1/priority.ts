import type { ApiPriority } from '@binnacle/apis-schema';

export const priority: ApiPriority = { group: 17_000, version: 15 };

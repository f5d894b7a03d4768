import type { ApiPriority } from '@binnacle/apis-schema';

export const priority: ApiPriority = { group: 17_800, version: 15 };

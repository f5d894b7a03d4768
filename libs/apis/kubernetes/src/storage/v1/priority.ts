import type { ApiPriority } from '@binnacle/apis-schema';

export const priority: ApiPriority = { group: 16_800, version: 15 };

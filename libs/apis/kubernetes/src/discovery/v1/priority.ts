import type { ApiPriority } from '@binnacle/apis-schema';

export const priority: ApiPriority = { group: 16_200, version: 15 };

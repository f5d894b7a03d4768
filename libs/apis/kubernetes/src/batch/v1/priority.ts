import type { ApiPriority } from '@binnacle/apis-schema';

export const priority: ApiPriority = { group: 17_400, version: 15 };

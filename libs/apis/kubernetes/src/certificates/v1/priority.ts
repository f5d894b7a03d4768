import type { ApiPriority } from '@binnacle/apis-schema';

export const priority: ApiPriority = { group: 17_300, version: 15 };

import type { ApiPriority } from '@binnacle/apis-schema';

export const priority: ApiPriority = { group: 17_500, version: 30 };

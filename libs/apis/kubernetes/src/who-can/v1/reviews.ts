import type { ApiPriority, ExpectedKind, ServedKind } from '@binnacle/apis-schema';
import { WHO_CAN, whoCanSchemas } from './schema.js';
import { askedKind } from '../../schemas/posted-kind.js';

/** Behind Kubernetes' own groups, before those of CustomResourceDefinitions. */
const priority: ApiPriority = { group: 14_850, version: 15 };
const ADDRESS = { group: 'authorization.binnacle.dev', version: 'v1' };

export const whoCanKind: ExpectedKind = { ...ADDRESS, kind: 'WhoCan', schema: WHO_CAN, schemas: whoCanSchemas };

/** The plural by which who may ask is said. */
export const WHO_CANS = 'whocans';

export const whoCanReviews: readonly ServedKind[] = [askedKind(whoCanKind, priority)];

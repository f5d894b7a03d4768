import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs } from '@binnacle/apis-registry';
import type { Lease } from '../index.js';
import { printer } from './printer.js';
import { validateLease } from './validation.js';

export const leases = defineResource<Lease>({
  ...addressOf(refs.leases),
  priority,
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.coordination.v1.Lease',
  roles: ['view'],
  example: { spec: { holderIdentity: 'x', leaseDurationSeconds: 15 } },
  strategy: { validate: validateLease, allowCreateOnUpdate: true },
  printer,
  fields: {},
});

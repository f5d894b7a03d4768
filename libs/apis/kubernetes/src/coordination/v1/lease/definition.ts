import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { addressOf, allVerbs } from '../../../registry/served.js';
import type { Lease } from '../index.js';
import { printer } from './printer.js';
import { validateLease } from './validation.js';

export const leases = defineResource<Lease>({
  ...addressOf(refs.leases),
  verbs: allVerbs,
  subresources: [],
  schema: 'io.k8s.api.coordination.v1.Lease',
  strategy: { validate: validateLease, allowCreateOnUpdate: true },
  printer,
  fields: {},
});

import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../registry/definition.js';
import { validateMeta } from '../../../registry/rules.js';
import { addressOf, allVerbs } from '../../../registry/served.js';
import type { ServiceAccount } from '../index.js';
import { printer } from './printer.js';

function keepSecretNames(account: ServiceAccount): void {
  if (account.secrets) account.secrets = account.secrets.map(({ name = '' }) => ({ name }));
}

export const serviceAccounts = defineResource<ServiceAccount>({
  ...addressOf(refs.serviceaccounts, ['sa']),
  verbs: allVerbs,
  subresources: [
    {
      name: 'token',
      verbs: ['create'],
      gvk: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
    },
  ],
  schema: 'io.k8s.api.core.v1.ServiceAccount',
  strategy: {
    prepareForCreate: keepSecretNames,
    prepareForUpdate: keepSecretNames,
    validate: (account) => validateMeta(account, true),
  },
  printer,
  fields: {},
});

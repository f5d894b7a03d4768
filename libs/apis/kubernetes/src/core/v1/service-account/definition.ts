import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { validateMeta, addressOf, allVerbs } from '@binnacle/apis-registry';
import type { ServiceAccount } from '../index.js';
import { printer } from './printer.js';

const MOUNTABLE_SECRETS = 'kubernetes.io/enforce-mountable-secrets';

function warnings({ metadata }: ServiceAccount, old?: ServiceAccount): string[] {
  const isNew = !Object.hasOwn(old?.metadata.annotations ?? {}, MOUNTABLE_SECRETS);
  if (!isNew || !Object.hasOwn(metadata.annotations ?? {}, MOUNTABLE_SECRETS)) return [];
  const why = 'deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets';
  return [`metadata.annotations[${MOUNTABLE_SECRETS}]: ${why}`];
}

function keepSecretNames(account: ServiceAccount): void {
  if (account.secrets) account.secrets = account.secrets.map(({ name = '' }) => ({ name }));
}

export const serviceAccounts = defineResource<ServiceAccount>({
  ...addressOf(refs.serviceaccounts, ['sa']),
  priority,
  verbs: allVerbs,
  subresources: [
    {
      name: 'token',
      verbs: ['create'],
      gvk: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
    },
  ],
  schema: 'io.k8s.api.core.v1.ServiceAccount',
  roles: ['view', 'edit'],
  example: {},
  strategy: {
    answersDeleted: true,
    allowUnconditionalUpdate: true,
    prepareForCreate: keepSecretNames,
    prepareForUpdate: keepSecretNames,
    validate: (account) => validateMeta(account, true),
    warnings,
  },
  printer,
  fields: {},
});

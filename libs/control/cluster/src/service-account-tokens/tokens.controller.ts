import type { Secret, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { TOKEN_SECRET_TYPE } from '@binnacle/apis-kubernetes/tokens';
import { type Controller, createController, fromChanges, fromObjects } from '@binnacle/client-controller';
import { keyOf } from '@binnacle/client-informers';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { SignLegacyToken } from './legacy-token.js';
import { tokenOwnerOf } from './plan.js';
import { TokensReconciler } from './tokens.reconciler.js';

const SECRETS_OF_ACCOUNT = 'tokenSecretsOfAccount';

function accountKeys(secret: Secret): string[] {
  const owner = tokenOwnerOf(secret);
  return owner ? [`${secret.metadata.namespace ?? ''}/${owner.name}`] : [];
}

/** Puts tokens into the Secrets that ask for them, and removes those of accounts that are gone. `ca` is PEM. */
export function tokensController(
  { client, informers }: ControllerDeps,
  { sign, ca }: { readonly sign: SignLegacyToken; readonly ca: string },
): Controller {
  // Only these: the other Secrets are nobody's business here.
  const selection = { fieldSelector: `type=${TOKEN_SECRET_TYPE}` };
  const secrets = informers.for<Secret>(refs.secrets, { selection });
  const accounts = informers.for<ServiceAccount>(refs.serviceaccounts);
  secrets.addIndex(SECRETS_OF_ACCOUNT, accountKeys);
  const secretClient = client.resource<Secret>(refs.secrets);
  const accountClient = client.resource<ServiceAccount>(refs.serviceaccounts);
  return createController({
    name: 'serviceaccount-token',
    reconciler: new TokensReconciler({ secrets, accounts, secretClient, accountClient, sign, ca }),
    sources: [
      fromObjects(secrets),
      fromChanges(accounts, (account, _old, enqueue) => {
        for (const secret of secrets.byIndex(SECRETS_OF_ACCOUNT, keyOf(account))) enqueue(keyOf(secret));
      }),
    ],
  });
}

import { IDENTITY_PROVIDERS, type IdentityProvider as ProviderObject, ROOT_CLUSTER } from '@binnacle/apis-iam';
import type { Context } from '@binnacle/machinery-context';
import type { IdentityProvider, IdentityProviders } from '@binnacle/server-sign-in';
import { parseBody, type StorageReader, type StoredObject } from '@binnacle/server-storage';

const SCOPE = { cluster: ROOT_CLUSTER, resource: `${IDENTITY_PROVIDERS.group}/${IDENTITY_PROVIDERS.plural}` };
const DEFAULT_SCOPES = ['profile', 'email'];
const SECRET_KEY = 'clientSecret';

type Reference = NonNullable<NonNullable<ProviderObject['spec']>['clientSecretRef']>;

/** The providers that are objects of the cluster `root`, and their clients' secrets. */
export class StoredIdentityProviders implements IdentityProviders {
  constructor(private readonly storage: StorageReader) {}

  async list(ctx: Context): Promise<readonly IdentityProvider[]> {
    const { items } = await this.storage.list(ctx, SCOPE, { revision: { at: 'any' } });
    const found = await Promise.all(items.map((stored) => this.read(ctx, stored)));
    return found.filter((provider) => provider !== undefined);
  }

  /** Undefined for one that is switched off, or whose secret is not there: as a public client it would be another. */
  private async read(ctx: Context, stored: StoredObject): Promise<IdentityProvider | undefined> {
    const { metadata, spec } = parseBody(stored) as unknown as ProviderObject;
    if (!spec?.issuer || !spec.clientID || metadata.deletionTimestamp || spec.disabled) return undefined;
    const { name = '' } = metadata;
    const clientSecret = spec.clientSecretRef && (await this.secret(ctx, spec.clientSecretRef));
    if (spec.clientSecretRef && clientSecret === undefined) {
      ctx.logger.warn('a provider has no secret', { provider: name, ...spec.clientSecretRef });
      return undefined;
    }
    return { ...providerOf(name, spec), clientSecret };
  }

  private async secret(ctx: Context, { namespace, name, key = SECRET_KEY }: Reference): Promise<string | undefined> {
    const place = { cluster: ROOT_CLUSTER, resource: 'secrets', namespace: namespace ?? '', name: name ?? '' };
    const stored = await this.storage.get(ctx, place, { at: 'any' });
    if (!stored) return undefined;
    const { data = {} } = parseBody(stored) as unknown as { readonly data?: Readonly<Record<string, string>> };
    const text = Object.hasOwn(data, key) ? data[key] : undefined;
    return text === undefined ? undefined : Buffer.from(text, 'base64').toString().trim();
  }
}

function providerOf(name: string, spec: NonNullable<ProviderObject['spec']>): IdentityProvider {
  const { issuer = '', clientID: clientId = '', displayName, certificateAuthority } = spec;
  return {
    ...{ name, issuer, clientId, certificateAuthority },
    label: displayName || name,
    scopes: spec.scopes ?? DEFAULT_SCOPES,
    usernameClaim: spec.usernameClaim ?? 'preferred_username',
    groupsClaim: spec.groupsClaim ?? 'groups',
    groups: (spec.groups ?? []).map(({ group = '', teams = [] }) => ({ group, teams })),
    allowedDomains: spec.allowedDomains ?? [],
    createUsers: spec.createUsers ?? false,
  };
}

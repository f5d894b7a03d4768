import type { Secret, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { done, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { Informer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import type { SignLegacyToken } from './legacy-token.js';
import { filledSecret, missingData, type TokenOwner, tokenOwnerOf } from './plan.js';

export interface TokensOptions {
  readonly secrets: Pick<Informer<Secret>, 'get'>;
  readonly accounts: Pick<Informer<ServiceAccount>, 'get'>;
  readonly secretClient: ResourceClient<Secret>;
  readonly accountClient: ResourceClient<ServiceAccount>;
  readonly sign: SignLegacyToken;
  /** PEM of the cluster's authority. */
  readonly ca: string;
}

/** Keys are Secrets'. Behaves as kubernetes pkg/controller/serviceaccount tokens_controller.go. */
export class TokensReconciler implements Reconciler {
  constructor(private readonly options: TokensOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const secret = this.options.secrets.get(key);
    const owner = secret && tokenOwnerOf(secret);
    if (!secret || !owner || secret.metadata.deletionTimestamp) return done;
    const account = await this.accountOf(ctx, secret.metadata.namespace ?? '', owner);
    if (account) await this.fill(ctx, secret, account);
    else await this.remove(ctx, secret);
    return done;
  }

  /** Asks the server where the cache knows none: a Secret may be heard of before its account. */
  private async accountOf(
    ctx: Context,
    namespace: string,
    { name, uid }: TokenOwner,
  ): Promise<ServiceAccount | undefined> {
    const isMeant = (account: ServiceAccount | undefined) => !uid || account?.metadata.uid === uid;
    const known = this.options.accounts.get(`${namespace}/${name}`);
    if (known && isMeant(known)) return known;
    const live = await ignoreNotFound(this.options.accountClient.get(ctx, { namespace, name }));
    return isMeant(live) ? live : undefined;
  }

  private async fill(ctx: Context, secret: Secret, account: ServiceAccount): Promise<void> {
    const missing = missingData(secret, this.options.ca);
    if (!missing) return;
    const data: Record<string, string> = { ...missing.data };
    if (missing.token) data.token = btoa(await this.options.sign(account, secret));
    await this.options.secretClient.update(ctx, filledSecret(secret, account, data));
  }

  private async remove(ctx: Context, { metadata }: Secret): Promise<void> {
    const { namespace, name = '', uid, resourceVersion } = metadata;
    const preconditions = { uid, resourceVersion };
    await ignoreNotFound(this.options.secretClient.delete(ctx, { namespace, name }, { preconditions }));
  }
}

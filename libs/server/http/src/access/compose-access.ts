import type { Context } from '@binnacle/machinery-context';
import type { MetricsRegistry } from '@binnacle/process-telemetry';
import {
  type AnonymousPolicy,
  type AuthenticationMethod,
  Authenticator,
  type Authorizer,
  OpenRights,
  type RightsChanges,
} from '@binnacle/server-auth';
import type { StorageReader } from '@binnacle/server-storage';
import { AccessPolicy } from './access-policy.js';
import { observeImpersonation } from './observe-impersonation.js';
import { VisibleLists } from './visible-lists.js';

export interface AccessParts {
  readonly storage: StorageReader;
  readonly methods: readonly AuthenticationMethod[];
  readonly authorizer: Authorizer;
  readonly rights: RightsChanges;
  /** Calls back after others decide than before. */
  readonly onOrder: (listener: () => void) => void;
  /** Where nobody in particular may ask; everywhere without it. */
  readonly anonymous?: AnonymousPolicy;
  readonly metrics: MetricsRegistry;
}

/** Who may come in, what they may do, and what of it stands open. */
export function composeAccess(
  ctx: Context,
  { storage, methods, authorizer, rights, onOrder, anonymous, metrics }: AccessParts,
) {
  const openRights = new OpenRights(ctx, rights);
  onOrder(() => openRights.reconsider());
  const access = new AccessPolicy(
    new Authenticator(methods, anonymous),
    authorizer,
    openRights,
    new VisibleLists(storage),
    observeImpersonation(metrics),
  );
  return { access, openRights };
}

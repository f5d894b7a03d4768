import type { Context } from '@binnacle/machinery-context';
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
import { VisibleLists } from './visible-lists.js';

export interface AccessParts {
  readonly storage: StorageReader;
  readonly methods: readonly AuthenticationMethod[];
  readonly authorizer: Authorizer;
  readonly rights: RightsChanges;
  /** Where nobody in particular may ask; everywhere without it. */
  readonly anonymous?: AnonymousPolicy;
}

/** Who may come in, what they may do, and what of it stands open. */
export function composeAccess(ctx: Context, { storage, methods, authorizer, rights, anonymous }: AccessParts) {
  const openRights = new OpenRights(ctx, rights);
  const access = new AccessPolicy(
    new Authenticator(methods, anonymous),
    authorizer,
    openRights,
    new VisibleLists(storage),
  );
  return { access, openRights };
}

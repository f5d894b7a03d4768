import type { ResourceDefinition } from '@binnacle/apis-registry';
import { identityProviders } from './v1/identity-provider/definition.js';
import { invitations } from './v1/invitation/definition.js';
import { teams } from './v1/team/definition.js';
import { users } from './v1/user/definition.js';

/** What the logical cluster `root` serves besides what every cluster does. */
export const iamKinds: readonly ResourceDefinition[] = [identityProviders, invitations, teams, users];

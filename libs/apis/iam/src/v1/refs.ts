import type { ResourceRef } from '@binnacle/machinery-meta';
import { IAM_GROUP, IAM_VERSION } from '../group.js';

const ref = (plural: string, kind: string): ResourceRef => ({
  group: IAM_GROUP,
  version: IAM_VERSION,
  plural,
  kind,
  namespaced: false,
});

export const USERS = ref('users', 'User');
export const TEAMS = ref('teams', 'Team');
export const INVITATIONS = ref('invitations', 'Invitation');
export const IDENTITY_PROVIDERS = ref('identityproviders', 'IdentityProvider');

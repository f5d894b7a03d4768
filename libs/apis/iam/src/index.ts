export * from './group.js';
export { iamKinds } from './kinds.js';
export * from './person-groups.js';
export type * from './v1/types.js';
export { validateInviteeName, validatePersonName } from './v1/names.js';
export { DEFAULT_INVITATION_MILLISECONDS, LONGEST_INVITATION_MILLISECONDS } from './v1/invitation/definition.js';
export { IDENTITY_PROVIDERS, INVITATIONS, TEAMS, USERS } from './v1/refs.js';

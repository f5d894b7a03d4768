export {
  checkNewPassword,
  Credentials,
  type NewToken,
  type ShownSession,
  type ShownToken,
} from './accounts/credentials.js';
export {
  type ShownIdentity,
  shownPasskey,
  type ShownPasskey,
  SignInMethods,
} from './accounts/sign-in-methods.js';
export { madeUpPassword } from './accounts/made-up-password.js';
export { passwordFault } from './accounts/password-rules.js';
export { RegisteredPeople } from './accounts/registered-people.js';
export { type AskedToken, readExpiry, readNewToken } from './affairs/new-token.js';
export { type NewLink, OthersAffairs } from './affairs/others-affairs.js';
export { type NewPassword, OwnAffairs, shownSelf, type ShownSelf } from './affairs/own-affairs.js';
export { browserOwner, recentOwner } from './affairs/owner.js';
export * from './compose-people.js';
export { PeopleDirectory, type PeopleListener } from './directory/people-directory.js';
export { type Acceptance, Invitations, type ShownInvitation } from './invitations/invitations.js';
export { PeopleObjects } from './objects/people-objects.js';
export { isAdministrator, PeopleRestriction } from './rules/people-restriction.js';

import type { UserInfo } from './user-info.js';

const impersonators = new WeakMap<UserInfo, UserInfo>();

/** Remembers, of a user that a request is made as, who makes it. */
export function impersonatedBy(user: UserInfo, impersonator: UserInfo): UserInfo {
  impersonators.set(user, impersonator);
  return user;
}

/** Who really asks, where they ask as somebody else. */
export const impersonatorOf = (user: UserInfo): UserInfo | undefined => impersonators.get(user);

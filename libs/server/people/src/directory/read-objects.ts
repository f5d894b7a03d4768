import type { Team, User } from '@binnacle/apis-iam';
import { parseBody, type StoredObject } from '@binnacle/server-storage';

/** What is kept in memory of a User. */
export interface KnownUser {
  readonly name: string;
  readonly uid: string;
  readonly displayName: string;
  /** Neither disabled nor going. */
  readonly isActive: boolean;
  readonly revoked: string;
}

export interface KnownTeam {
  readonly name: string;
  readonly members: readonly string[];
}

/** Reads each stored object once. */
function reading<T>(read: (stored: StoredObject) => T): (stored: StoredObject) => T {
  const known = new WeakMap<StoredObject, T & object>();
  return (stored) => {
    const before = known.get(stored);
    if (before) return before;
    const made = read(stored) as T & object;
    known.set(stored, made);
    return made;
  };
}

export const readUser = reading((stored): KnownUser => {
  const { metadata, spec, status } = parseBody(stored) as unknown as User;
  return {
    name: stored.key.name,
    uid: metadata.uid ?? '',
    displayName: spec?.displayName ?? '',
    isActive: !spec?.disabled && !metadata.deletionTimestamp,
    // Who was disabled for a moment meanwhile has another generation.
    revoked: `${metadata.generation ?? 0} ${status?.credentialsRevoked ?? ''}`,
  };
});

export const readTeam = reading((stored): KnownTeam => {
  const { spec } = parseBody(stored) as unknown as Team;
  return { name: stored.key.name, members: spec?.members ?? [] };
});

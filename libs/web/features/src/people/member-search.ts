import type { User } from '@binnacle/apis-iam';

const SHOWN = 8;

/** The people that a part of a name, of what they are called or of their address finds, without those that are there already. */
export function findPeople(people: readonly User[], typed: string, without: readonly string[]): readonly User[] {
  const wanted = typed.trim().toLowerCase();
  const fits = ({ metadata, spec }: User): boolean =>
    [metadata.name, spec?.displayName, spec?.email].some((text) => text?.toLowerCase().includes(wanted));
  return people.filter((person) => !without.includes(person.metadata.name ?? '') && fits(person)).slice(0, SHOWN);
}

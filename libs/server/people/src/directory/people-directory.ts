import { groupsOfTeam, ROOT_CLUSTER, TEAMS, USERS } from '@binnacle/apis-iam';
import { type Context, type Soon, sleep } from '@binnacle/machinery-context';
import type { Person } from '@binnacle/server-auth';
import type { ResourceListening, Scope, StorageReader, StoredObject } from '@binnacle/server-storage';
import { type KnownUser, readTeam, readUser } from './read-objects.js';

export type PeopleSource = StorageReader & Partial<ResourceListening>;

/** Called with the names of people whose rights or credentials are others than before. It must not throw. */
export type PeopleListener = (names: readonly string[]) => void;

const RETRY_MILLISECONDS = 1_000;

const resourceOf = ({ group, plural }: typeof USERS): string => `${group}/${plural}`;
export const scopeOf = (ref: typeof USERS): Scope => ({ cluster: ROOT_CLUSTER, resource: resourceOf(ref) });
const KINDS = [USERS, TEAMS];

/** The teams of each person. */
function teamsByName(teams: readonly StoredObject[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { name, members } of teams.map(readTeam)) {
    for (const member of members) found.set(member, [...(found.get(member) ?? []), name]);
  }
  return found;
}

const equal = (a: Person, b: Person): boolean =>
  a.uid === b.uid && a.displayName === b.displayName && a.revoked === b.revoked && `${a.groups}` === `${b.groups}`;

/** People who may sign in, as they are now: what is known of each is one object until it changes. */
export class PeopleDirectory {
  private people: ReadonlyMap<string, Person> = new Map();
  private isLoaded = false;
  private revoked = 0;
  private readonly listeners = new Set<PeopleListener>();

  constructor(private readonly source: PeopleSource) {
    for (const ref of KINDS) source.onChange?.(resourceOf(ref), (cluster) => this.changed(cluster));
  }

  /** Grows with everything that took somebody's rights or credentials away. */
  get revocations(): number {
    return this.revoked;
  }

  /** Holds what is known of the cluster until the context ends, so that nobody has to wait for it. */
  start(ctx: Context): void {
    for (const ref of KINDS) void this.follow(ctx, scopeOf(ref));
  }

  find(ctx: Context, name: string): Soon<Person | undefined> {
    return this.isLoaded ? this.people.get(name) : this.load(ctx).then(() => this.people.get(name));
  }

  /** Tells who is not as before, after what `find` answers has changed, until the returned call. */
  onChange(listener: PeopleListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async load(ctx: Context): Promise<void> {
    const lists = KINDS.map((ref) => this.source.list(ctx, scopeOf(ref), { revision: { at: 'latest' } }));
    const [users, teams] = await Promise.all(lists);
    if (!this.isLoaded && users && teams) this.replace(users.items, teams.items);
    this.changed(ROOT_CLUSTER);
  }

  private changed(cluster: string): void {
    if (cluster !== ROOT_CLUSTER) return;
    const [users, teams] = KINDS.map((ref) => this.source.peekAll(scopeOf(ref)));
    if (users && teams) this.replace(users, teams);
  }

  private replace(users: readonly StoredObject[], teams: readonly StoredObject[]): void {
    const before = this.people;
    const byName = teamsByName(teams);
    const active = users.map(readUser).filter(({ isActive }) => isActive);
    this.people = new Map(active.map((user) => [user.name, this.personOf(user, byName.get(user.name) ?? [])]));
    this.isLoaded = true;
    const names = [...before.keys()].filter((name) => this.people.get(name) !== before.get(name));
    if (names.length === 0) return;
    this.revoked += 1;
    for (const listener of this.listeners) listener(names);
  }

  /** The same object as before where nothing of it is another. */
  private personOf({ name, uid, displayName, revoked }: KnownUser, teams: readonly string[]): Person {
    const groups = [...teams].sort().flatMap(groupsOfTeam);
    const made: Person = { name, uid, displayName, groups, revoked };
    const before = this.people.get(name);
    return before && equal(before, made) ? before : made;
  }

  private async follow(ctx: Context, scope: Scope): Promise<void> {
    while (!ctx.signal.aborted) {
      try {
        const watch = await this.source.watch(ctx, scope, {});
        for await (const _items of watch) this.changed(ROOT_CLUSTER);
      } catch (error) {
        if (!ctx.signal.aborted) ctx.logger.debug('people are not followed for a moment', { error });
      }
      await sleep(ctx, RETRY_MILLISECONDS).catch(() => undefined);
    }
  }
}

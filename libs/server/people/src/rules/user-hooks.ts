import { ADMINISTRATORS, type Invitation, type Team, TEAMS, type User, USERS } from '@binnacle/apis-iam';
import { newForbidden } from '@binnacle/machinery-meta';
import type { ObjectChange, RequestContext, ResourceHooks } from '@binnacle/server-registry';
import type { SignInStores, StoredObject } from '@binnacle/server-storage';
import type { PeopleObjects } from '../objects/people-objects.js';

const isActive = ({ metadata, spec }: User): boolean => !spec?.disabled && !metadata.deletionTimestamp;
const asUser = (object: unknown) => object as User;
const membersOf = (object: unknown): readonly string[] => (object as Team | undefined)?.spec?.members ?? [];

/** What a change would leave of those who administrate. */
interface Loss {
  /** Who would no longer be one of them. */
  readonly names: readonly string[];
}

type Write = () => Promise<StoredObject>;

/** What happens around the writes of people and teams. */
export class PeopleHooks {
  /** Contexts of writes that are a part of another, which is alone already. */
  private readonly inner = new WeakSet<RequestContext>();

  constructor(
    private readonly objects: PeopleObjects,
    private readonly stores: SignInStores,
  ) {}

  /** By `<group>/<plural>`. */
  get byResource(): Readonly<Record<string, ResourceHooks>> {
    return {
      [`${USERS.group}/${USERS.plural}`]: { around: (...args) => this.aroundUser(...args) },
      [`${TEAMS.group}/${TEAMS.plural}`]: { around: (...args) => this.aroundTeam(...args) },
      [`${USERS.group}/invitations`]: {
        afterDelete: (ctx, object) =>
          this.stores.links.remove(ctx, (object as unknown as Invitation).metadata.uid ?? ''),
      },
    };
  }

  private async aroundUser(ctx: RequestContext, { old, next }: ObjectChange, write: Write): Promise<StoredObject> {
    const user = asUser(old);
    if (next && (isActive(asUser(next)) || !isActive(user))) return write();
    const name = user.metadata.name ?? '';
    return this.stores.exclusive.run(ctx, async () => {
      await this.requireAnother(ctx, { names: [name] });
      // Before it is written: what fails then leaves nothing that could be signed in with.
      await this.takeCredentials(ctx, user, next === undefined);
      return write();
    });
  }

  /** Who is disabled keeps the password for when they are enabled again. */
  private async takeCredentials(ctx: RequestContext, { metadata }: User, leaves: boolean): Promise<void> {
    const { name = '', uid } = metadata;
    await this.stores.sessions.removeOf(ctx, name);
    await this.stores.tokens.removeOf(ctx, name);
    if (!leaves) return;
    const own = this.objects.context(ctx);
    this.inner.add(own);
    await this.objects.leaveTeams(own, name);
    await this.stores.accounts.remove(ctx, name, uid);
  }

  private async aroundTeam(ctx: RequestContext, { old, next }: ObjectChange, write: Write): Promise<StoredObject> {
    const staying = new Set(membersOf(next));
    const names = membersOf(old).filter((name) => !staying.has(name));
    const matters = old.metadata.name === ADMINISTRATORS && names.length > 0 && !this.inner.has(ctx);
    if (!matters) return write();
    return this.stores.exclusive.run(ctx, async () => {
      await this.requireAnother(ctx, { names });
      return write();
    });
  }

  /** Rejects with Forbidden where nobody would be left who may do everything and can sign in. */
  private async requireAnother(ctx: RequestContext, { names }: Loss): Promise<void> {
    const members = membersOf(await this.objects.find<Team>(ctx, TEAMS, ADMINISTRATORS));
    if (!names.some((name) => members.includes(name))) return;
    for (const other of members.filter((member) => !names.includes(member))) {
      const user = await this.objects.find<User>(ctx, USERS, other);
      if (user && isActive(user)) return;
    }
    throw newForbidden(
      { group: USERS.group, resource: USERS.plural },
      names[0] ?? '',
      'the last administrator stays one',
    );
  }
}

import { ADMINISTRATORS, INVITATIONS, type Team, TEAMS, type User, USERS } from '@binnacle/apis-iam';
import { newForbidden } from '@binnacle/machinery-meta';
import type { ObjectChange, RequestContext, ResourceHooks } from '@binnacle/server-registry';
import type { SignInStores, StoredObject } from '@binnacle/server-storage';
import type { PeopleObjects } from '../objects/people-objects.js';

const isActive = ({ metadata, spec }: User): boolean => !spec?.disabled && !metadata.deletionTimestamp;
const asUser = (object: unknown) => object as User;
const membersOf = (object: unknown): readonly string[] => (object as Team | undefined)?.spec?.members ?? [];

type Write = () => Promise<StoredObject>;

const nothingTaken = async () => undefined;

/**
 * What happens around the writes of people and teams. Nothing is changed in other objects while it is alone: whoever changes these
 * may wait to be alone.
 */
export class PeopleHooks {
  constructor(
    private readonly objects: PeopleObjects,
    private readonly stores: SignInStores,
  ) {}

  /** By `<group>/<plural>`. */
  get byResource(): Readonly<Record<string, ResourceHooks>> {
    return {
      [`${USERS.group}/${USERS.plural}`]: {
        beforeCreate: (ctx, object, dryRun) => this.beforeUser(ctx, object.metadata.name ?? '', dryRun),
        around: (...args) => this.aroundUser(...args),
        afterDelete: (ctx, object) => this.objects.leaveTeams(ctx, object.metadata.name ?? ''),
      },
      [`${TEAMS.group}/${TEAMS.plural}`]: { around: (...args) => this.aroundTeam(...args) },
      [`${INVITATIONS.group}/${INVITATIONS.plural}`]: {
        afterDelete: (ctx, object) => this.stores.links.remove(ctx, object.metadata.uid ?? ''),
      },
    };
  }

  /** Nobody gets what a namesake has left behind, whose end was cut short. */
  private async beforeUser(ctx: RequestContext, name: string, dryRun: boolean) {
    if (dryRun || (await this.objects.find<User>(ctx, USERS, name))) return nothingTaken;
    await this.objects.leaveTeams(ctx, name);
    const account = await this.stores.accounts.find(ctx, name);
    if (account?.uid !== undefined) await this.stores.accounts.remove(ctx, name, account.uid);
    return nothingTaken;
  }

  private async aroundUser(ctx: RequestContext, { old, next }: ObjectChange, write: Write): Promise<StoredObject> {
    const user = asUser(old);
    if (next && (isActive(asUser(next)) || !isActive(user))) return write();
    return this.stores.exclusive.run(ctx, async () => {
      await this.requireOthers(ctx, user.metadata.name ?? '');
      // Before it is written: what fails then leaves nothing that could be signed in with.
      await this.takeCredentials(ctx, user, next === undefined);
      return write();
    });
  }

  /** Who is disabled keeps the password for when they are enabled again. */
  private async takeCredentials(ctx: RequestContext, { metadata }: User, leaves: boolean): Promise<void> {
    const { name = '', uid } = metadata;
    await this.stores.other.terminals.removeOf(ctx, { account: name, uid: uid ?? '' });
    await this.stores.sessions.removeOf(ctx, name);
    await this.stores.tokens.removeOf(ctx, name);
    if (leaves) await this.stores.accounts.remove(ctx, name, uid);
  }

  private async aroundTeam(ctx: RequestContext, { old, next }: ObjectChange, write: Write): Promise<StoredObject> {
    const staying = new Set(membersOf(next));
    const names = membersOf(old).filter((name) => !staying.has(name));
    if (old.metadata.name !== ADMINISTRATORS || names.length === 0) return write();
    return this.stores.exclusive.run(ctx, async () => {
      await this.requireActive(ctx, [...staying], names);
      return write();
    });
  }

  /** The same of one who goes, where they are one of them. */
  private async requireOthers(ctx: RequestContext, name: string): Promise<void> {
    const members = membersOf(await this.objects.find<Team>(ctx, TEAMS, ADMINISTRATORS));
    const staying = members.filter((member) => member !== name);
    if (members.includes(name)) await this.requireActive(ctx, staying, [name]);
  }

  /** Rejects with Forbidden where nobody is left who may do everything and can sign in. */
  private async requireActive(ctx: RequestContext, staying: readonly string[], leaving: readonly string[]) {
    for (const name of staying) {
      const user = await this.objects.find<User>(ctx, USERS, name);
      if (user && isActive(user)) return;
    }
    const [name = ''] = leaving;
    throw newForbidden({ group: USERS.group, resource: USERS.plural }, name, 'the last administrator stays one');
  }
}

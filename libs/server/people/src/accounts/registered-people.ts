import { type User, teamOfGroup, USERS } from '@binnacle/apis-iam';
import type { Context, Soon } from '@binnacle/machinery-context';
import { formatTime, isAlreadyExists } from '@binnacle/machinery-meta';
import type { People, Person } from '@binnacle/server-auth';
import type { Account, SignInStores } from '@binnacle/server-storage';
import type { PeopleDirectory } from '../directory/people-directory.js';
import type { PeopleObjects } from '../objects/people-objects.js';

/** People as signing in asks for them. */
export class RegisteredPeople implements People {
  constructor(
    private readonly directory: PeopleDirectory,
    private readonly objects: PeopleObjects,
    private readonly stores: SignInStores,
  ) {}

  get revocations(): number {
    return this.directory.revocations;
  }

  find(ctx: Context, name: string): Soon<Person | undefined> {
    return this.directory.find(ctx, name);
  }

  async ofAccount(ctx: Context, account: Account): Promise<Person | undefined> {
    const uid = account.uid ?? (await this.adopt(ctx, account.name));
    const person = await this.directory.find(ctx, account.name);
    return person?.uid === uid ? person : undefined;
  }

  async signedIn(ctx: Context, { name }: Person): Promise<void> {
    const lastSignIn = formatTime(ctx.clock.now());
    await this.objects
      .note(ctx, name, (status) => void Object.assign(status, { lastSignIn }))
      .catch((error: unknown) => ctx.logger.warn('that somebody signed in is not noted', { user: name, error }));
  }

  /** Makes Users of all accounts of an older release. One that cannot be is left, and told of. */
  async adoptAll(ctx: Context): Promise<void> {
    for (const { name, uid } of await this.stores.accounts.list(ctx)) {
      if (uid !== undefined) continue;
      await this.adopt(ctx, name).catch((error: unknown) =>
        ctx.logger.warn('an account of an older release cannot become a User', { user: name, error }),
      );
    }
  }

  /**
   * Its groups become teams where there are such; the others it keeps. Answers the uid of the User. Servers may do it at the same
   * time: each does all of it.
   */
  private async adopt(ctx: Context, name: string): Promise<string | undefined> {
    const account = await this.stores.accounts.find(ctx, name);
    if (!account || account.uid !== undefined) return account?.uid;
    const uid = await this.userOf(ctx, name);
    for (const team of account.groups.flatMap((group) => teamOfGroup(group) ?? []))
      await this.objects.addMember(ctx, team, name, true);
    const groups = account.groups.filter((group) => teamOfGroup(group) === undefined);
    await this.stores.accounts.save(ctx, { ...account, groups, uid });
    ctx.logger.info('an account has become a User', { user: name });
    return uid;
  }

  private async userOf(ctx: Context, name: string): Promise<string> {
    const find = () => this.objects.find<User>(ctx, USERS, name);
    const known = await find();
    if (known) return known.metadata.uid ?? '';
    try {
      return (await this.objects.create(ctx, USERS, name, {})).metadata.uid ?? '';
    } catch (error) {
      const other = isAlreadyExists(error) ? await find() : undefined;
      if (!other) throw error;
      return other.metadata.uid ?? '';
    }
  }
}

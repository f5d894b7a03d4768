import {
  IAM_GROUP,
  IAM_VERSION,
  INVITATIONS,
  ROOT_CLUSTER,
  type Team,
  TEAMS,
  type User,
  USERS,
} from '@binnacle/apis-iam';
import type { Context } from '@binnacle/machinery-context';
import {
  formatMicroTime,
  ignoreNotFound,
  isAlreadyExists,
  isNotFound,
  parseTime,
  type ResourceRef,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { type Registry, type RequestContext, type ResourceStore, systemContext } from '@binnacle/server-registry';

const API_VERSION = `${IAM_GROUP}/${IAM_VERSION}`;
const at = (name: string) => ({ namespace: '', name });

/** Changes a private copy in place. */
type Edit<T> = (object: T) => void;

/** Users, Teams and Invitations as the server itself reads and writes them. All reject with a StatusError. */
export class PeopleObjects {
  constructor(private readonly registry: Pick<Registry, 'of'>) {}

  /** The server itself, in the cluster of people. */
  context(ctx: Context): RequestContext {
    return systemContext(ctx, ROOT_CLUSTER);
  }

  async store(ctx: Context, { group, version, plural }: ResourceRef): Promise<ResourceStore> {
    const stores = await this.registry.of(this.context(ctx));
    return stores.get(group, version, plural);
  }

  async find<T extends User | Team>(ctx: Context, ref: ResourceRef, name: string): Promise<T | undefined> {
    const store = await this.store(ctx, ref);
    const found = await ignoreNotFound(store.get(this.context(ctx), at(name), { at: 'latest' }));
    return found ? (store.decode(found) as unknown as T) : undefined;
  }

  async create(ctx: Context, ref: ResourceRef, name: string, spec: object): Promise<UnstructuredObject> {
    const store = await this.store(ctx, ref);
    const draft = { apiVersion: API_VERSION, kind: ref.kind, metadata: { name }, spec } as UnstructuredObject;
    return store.decode(await store.create(this.context(ctx), { namespace: '' }, draft));
  }

  async edit<T>(
    own: RequestContext,
    ref: ResourceRef,
    name: string,
    change: Edit<T>,
    rules: 'main' | 'status' = 'main',
  ) {
    const store = await this.store(own, ref);
    const subresource = rules === 'status' ? { subresource: 'status' } : {};
    const edited = (object: UnstructuredObject) => {
      change(object as unknown as T);
      return object;
    };
    await store.update(own, at(name), edited, { rules, ...subresource });
  }

  /** What the server says of a User. */
  async note(ctx: Context, name: string, change: Edit<NonNullable<User['status']>>): Promise<void> {
    await this.edit<User>(this.context(ctx), USERS, name, (user) => change((user.status ??= {})), 'status');
  }

  /** All servers hear by it that credentials of somebody are not what they were. */
  async noteRevoked(ctx: Context, name: string, change: Edit<NonNullable<User['status']>> = () => undefined) {
    await this.note(ctx, name, (status) => {
      const before = parseTime(status.credentialsRevoked) ?? 0;
      status.credentialsRevoked = formatMicroTime(Math.max(ctx.clock.now(), before + 1));
      change(status);
    });
  }

  /** Makes the team where it is not there and `creates` says so; else does nothing then. */
  async addMember(ctx: Context, team: string, name: string, creates = false): Promise<void> {
    const join: Edit<Team> = (object) => {
      object.spec = { ...object.spec, members: [...new Set([...(object.spec?.members ?? []), name])] };
    };
    try {
      await this.editTeam(ctx, team, join);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      if (creates) await this.createTeam(ctx, team, name, join);
    }
  }

  private async createTeam(ctx: Context, team: string, name: string, join: Edit<Team>): Promise<void> {
    try {
      await this.create(ctx, TEAMS, team, { members: [name] });
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      await this.editTeam(ctx, team, join);
    }
  }

  private editTeam(ctx: Context, team: string, change: Edit<Team>): Promise<void> {
    return this.edit<Team>(this.context(ctx), TEAMS, team, change);
  }

  /** Takes somebody out of all teams, on the way to their end. */
  async leaveTeams(ctx: Context, name: string): Promise<void> {
    const own = this.context(ctx);
    const store = await this.store(own, TEAMS);
    const { items } = await store.list(own, {}, { revision: { at: 'latest' } });
    const teams = items.map((stored) => store.decode(stored) as unknown as Team);
    for (const { metadata, spec } of teams) {
      if (!spec?.members?.includes(name)) continue;
      await this.edit<Team>(own, TEAMS, metadata.name ?? '', (team) => {
        if (team.spec?.members) team.spec.members = team.spec.members.filter((member) => member !== name);
      });
    }
  }

  invitations(ctx: Context): Promise<ResourceStore> {
    return this.store(ctx, INVITATIONS);
  }
}

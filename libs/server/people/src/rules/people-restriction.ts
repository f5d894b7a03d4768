import {
  ADMINISTRATORS,
  IAM_GROUP,
  IDENTITY_PROVIDERS,
  type Invitation,
  INVITATIONS,
  type Team,
  TEAMS,
  USERS,
} from '@binnacle/apis-iam';
import { isNotFound, type ResourceRef, type UnstructuredObject } from '@binnacle/machinery-meta';
import { type Authorizer, PRIVILEGED_GROUP } from '@binnacle/server-auth';
import {
  type AdmissionAttributes,
  type CallerContext,
  forbidden,
  type RequestContext,
} from '@binnacle/server-registry';
import type { StorageReader, StoredObject } from '@binnacle/server-storage';
import { readTeam } from '../directory/read-objects.js';
import { scopeOf } from '../directory/people-directory.js';

/** How many objects there may be of each kind. */
const MOST: Readonly<Record<string, number>> = {
  [USERS.plural]: 10_000,
  [TEAMS.plural]: 1_000,
  [INVITATIONS.plural]: 1_000,
  [IDENTITY_PROVIDERS.plural]: 20,
};
const FOR_ADMINISTRATORS = 'only administrators may';

/** By their own proof: whoever may do everything in this cluster alone may also ask as a member of that group here. */
export const isAdministrator = ({ user }: Pick<CallerContext, 'user'>): boolean =>
  user.groups.includes(PRIVILEGED_GROUP) && (user.impersonator?.user ?? user).groups.includes(PRIVILEGED_GROUP);

const membersOf = (object: UnstructuredObject | undefined): readonly string[] =>
  (object as unknown as Team | undefined)?.spec?.members ?? [];
const invitedTo = (object: UnstructuredObject | undefined): readonly string[] =>
  (object as unknown as Invitation | undefined)?.spec?.teams ?? [];
const keyOf = (ref: ResourceRef, name: string) => ({ ...scopeOf(ref), namespace: '', name });

/**
 * Keeps rights from growing: what would make an administrator, or unmake one, is for administrators; nobody is invited into a team
 * by who could not take them in. A plugin of admission.
 */
export class PeopleRestriction {
  readonly name = 'PeopleRestriction';

  constructor(
    private readonly storage: StorageReader,
    private readonly authorizer: Authorizer,
  ) {}

  async validate(ctx: RequestContext, attributes: AdmissionAttributes): Promise<void> {
    const { definition, operation, subresource } = attributes;
    if (definition.group !== IAM_GROUP) return;
    const { plural } = definition.names;
    if (operation === 'CREATE') await this.checkCount(ctx, attributes);
    if (plural === IDENTITY_PROVIDERS.plural) this.checkProvider(ctx, attributes);
    if (plural === USERS.plural && operation !== 'CREATE' && subresource !== 'status')
      return this.checkUser(ctx, attributes);
    if (plural === TEAMS.plural) return this.checkTeam(ctx, attributes);
    if (plural === INVITATIONS.plural && operation !== 'DELETE' && subresource !== 'status')
      return this.checkInvitation(ctx, attributes);
  }

  /** Refuses who is no administrator and would do something to one. */
  async requireRightsOver(ctx: CallerContext, name: string): Promise<void> {
    if (isAdministrator(ctx)) return;
    const team = await this.find(ctx, TEAMS, ADMINISTRATORS);
    if (team && readTeam(team).members.includes(name)) throw this.refuse(USERS, name, 'do this to an administrator');
  }

  /** Refuses who may not take somebody into all of the teams. Rejects with Forbidden, or NotFound for a team that is not there. */
  async requireTeams(ctx: CallerContext, invitation: string, teams: readonly string[]): Promise<void> {
    if (isAdministrator(ctx)) return;
    for (const team of teams) {
      if (team === ADMINISTRATORS) throw this.refuse(INVITATIONS, invitation, `invite into the team ${team}`);
      if (!(await this.mayChange(ctx, team)))
        throw forbidden(
          definitionOf(INVITATIONS),
          invitation,
          `you cannot update the team ${JSON.stringify(team)}, into which it leads`,
        );
    }
  }

  private async checkCount(ctx: RequestContext, { definition }: AdmissionAttributes): Promise<void> {
    const { plural } = definition.names;
    const most = MOST[plural] ?? 0;
    const scope = scopeOf({ ...USERS, plural });
    const known =
      this.storage.peekAll(scope) ?? (await this.storage.list(ctx, scope, { revision: { at: 'any' } })).items;
    if (known.length >= most)
      throw forbidden(definition, '', `there are ${most} ${plural} already, which is the most there may be`);
  }

  /** Whoever says whom a provider signs in may become anybody. */
  private checkProvider(ctx: RequestContext, { name }: AdmissionAttributes): void {
    if (!isAdministrator(ctx)) throw this.refuse(IDENTITY_PROVIDERS, name, 'say who signs people in');
  }

  private checkUser(ctx: RequestContext, { name }: AdmissionAttributes): Promise<void> {
    return this.requireRightsOver(ctx, name);
  }

  private async checkTeam(ctx: RequestContext, { definition, operation, name, object, old }: AdmissionAttributes) {
    if (name === ADMINISTRATORS && !isAdministrator(ctx)) throw this.refuse(TEAMS, name, 'change this team');
    if (name === ADMINISTRATORS && operation === 'DELETE') throw forbidden(definition, name, 'this team stays');
    const before = new Set(membersOf(old));
    for (const member of operation === 'DELETE' ? [] : membersOf(object)) {
      if (before.has(member) || (await this.find(ctx, USERS, member))) continue;
      throw forbidden(definition, name, `there is no User ${JSON.stringify(member)}`);
    }
  }

  private async checkInvitation(ctx: RequestContext, { definition, name, object, old }: AdmissionAttributes) {
    const before = new Set(invitedTo(old));
    for (const team of invitedTo(object)) {
      if (before.has(team) || (await this.find(ctx, TEAMS, team))) continue;
      throw forbidden(definition, name, `there is no Team ${JSON.stringify(team)}`);
    }
    await this.requireTeams(ctx, name, invitedTo(object));
  }

  private async mayChange({ user, ...ctx }: CallerContext, team: string): Promise<boolean> {
    const { group, version, plural: resource } = TEAMS;
    const asked = { group, version, resource, subresource: '', namespace: '', name: team };
    const { cluster } = ctx;
    return (
      await this.authorizer.authorize(
        { ...ctx, signal: ctx.signal },
        { user, cluster, verb: 'update', resource: asked },
      )
    ).allowed;
  }

  private async find(ctx: CallerContext, ref: ResourceRef, name: string): Promise<StoredObject | undefined> {
    const key = keyOf(ref, name);
    return this.storage.peek(key) ?? (await this.storage.get(ctx, key, { at: 'latest' }).catch(orNothing));
  }

  private refuse(ref: ResourceRef, name: string, what: string): Error {
    return forbidden(definitionOf(ref), name, `${FOR_ADMINISTRATORS} ${what}`);
  }
}

const definitionOf = ({ group, plural, kind }: ResourceRef) => ({ group, names: { plural, kind } });

function orNothing(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}

import { type Invitation, INVITATIONS, ROOT_CLUSTER, type Team, TEAMS, type User, USERS } from '@binnacle/apis-iam';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { formatTime, type KubeObject, newConflict, type ResourceRef, StatusError } from '@binnacle/machinery-meta';
import { ConfigError } from '@binnacle/process-config';
import { asAdmin, ask, say } from '../as-admin.js';
import { ageOf } from '../cluster-arguments.js';
import { table } from './table.js';

const IAM = `/clusters/${ROOT_CLUSTER}/apis/${USERS.group}/${USERS.version}`;
const ATTEMPTS = 5;

export interface DataDirFlags {
  readonly dataDir: string;
}

export interface PersonFlags extends DataDirFlags {
  readonly displayName?: string;
  readonly email?: string;
  readonly team?: readonly string[];
}

export interface TokenFlags extends DataDirFlags {
  readonly user: string;
  readonly cluster?: readonly string[];
  readonly readOnly?: boolean;
  readonly ttl?: string;
}

interface ShownToken {
  readonly id: string;
  readonly name: string;
  readonly expiresAt: string;
  readonly lastUsed?: string;
  readonly clusters: readonly string[];
  readonly readOnly: boolean;
}

const asPeople = <T>(root: string, work: (client: KubeClient) => Promise<T>): Promise<T> =>
  asAdmin(root, 'binnacle people', work);

const inRoot = <T extends KubeObject>(client: KubeClient, ref: ResourceRef) =>
  client.inCluster(ROOT_CLUSTER).resource<T>(ref);
const part = (ref: ResourceRef, name: string, subresource: string): string =>
  `${IAM}/${ref.plural}/${encodeURIComponent(name)}/${subresource}`;

function draft<T extends KubeObject>({ group, version, kind }: ResourceRef, name: string, spec: object): T {
  return { apiVersion: `${group}/${version}`, kind, metadata: { name }, spec } as unknown as T;
}

const said = ({ displayName, email }: PersonFlags): object => ({
  ...(displayName && { displayName }),
  ...(email && { email }),
});

/** When something ends that lasts so long from now. */
const endOf = (ctx: Context, ttl: string): string => formatTime(ctx.clock.now() + ageOf(ttl) * 1_000);

/** Changes the members of a team, and again where somebody else did at the same time. */
async function changeMembers(ctx: Context, client: KubeClient, team: string, change: (members: string[]) => string[]) {
  const teams = inRoot<Team>(client, TEAMS);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const current = await teams.get(ctx, { name: team });
    const members = change(current.spec?.members ?? []);
    try {
      return await teams.update(ctx, { ...current, spec: { ...current.spec, members } });
    } catch (error) {
      if (!(error instanceof StatusError) || error.reason !== 'Conflict') throw error;
    }
  }
  throw newConflict({ group: TEAMS.group, resource: TEAMS.plural }, team);
}

const joined = (members: readonly string[], names: readonly string[]): string[] => [...new Set([...members, ...names])];

async function resetPassword(ctx: Context, client: KubeClient, name: string, body: object = {}): Promise<void> {
  const { password } = (await ask(ctx, client, 'POST', part(USERS, name, 'password'), body)) as { password: string };
  say(`Password: ${password}`);
  say('It is shown once, and must be changed when it is used first.');
}

/** Makes a person, a member of the teams, and shows their first password. */
export function addUser(ctx: Context, name: string, flags: PersonFlags): Promise<void> {
  return asPeople(flags.dataDir, async (client) => {
    await inRoot<User>(client, USERS).create(ctx, draft<User>(USERS, name, said(flags)));
    for (const team of flags.team ?? []) await changeMembers(ctx, client, team, (members) => joined(members, [name]));
    say(`Made ${name}`);
    await resetPassword(ctx, client, name);
  });
}

export async function listUsers(ctx: Context, { dataDir }: DataDirFlags): Promise<void> {
  const [users, teams] = await asPeople(dataDir, (client) =>
    Promise.all([inRoot<User>(client, USERS).list(ctx), inRoot<Team>(client, TEAMS).list(ctx)]),
  );
  const rows = users.items.map(({ metadata, spec, status }) => {
    const name = metadata.name ?? '';
    const own = teams.items.filter(({ spec: of }) => of?.members?.includes(name)).map((team) => team.metadata.name);
    return [name, spec?.displayName ?? '', own.join(','), spec?.disabled ? 'yes' : 'no', status?.lastSignIn ?? 'never'];
  });
  say(table(['NAME', 'DISPLAY NAME', 'TEAMS', 'DISABLED', 'LAST SIGN-IN'], rows));
}

export interface ResetFlags extends DataDirFlags {
  readonly removeSignInMethods?: boolean;
}

/** Gives somebody a new password; their sessions and tokens end, and passkeys and linked identities go where that is asked for. */
export function newPassword(ctx: Context, name: string, { dataDir, removeSignInMethods }: ResetFlags): Promise<void> {
  return asPeople(dataDir, async (client) => {
    await resetPassword(ctx, client, name, { removeSignInMethods: removeSignInMethods ?? false });
    const kept = await signInMethods(ctx, client, name);
    if (kept.length > 0)
      say(`${name} still signs in by ${kept.length} others: "binnacle user sign-ins ${name}" lists them.`);
  });
}

interface SignInMethod {
  readonly kind: 'passkey' | 'identity';
  readonly id: string;
  readonly what: string;
  readonly lastUsedAt?: string;
}

interface Items<T> {
  readonly items: readonly T[];
}

/** What somebody signs in with beside a password. */
async function signInMethods(ctx: Context, client: KubeClient, name: string): Promise<readonly SignInMethod[]> {
  type Listed = Omit<SignInMethod, 'kind' | 'what'>;
  const list = (of: string) => ask(ctx, client, 'GET', part(USERS, name, of));
  const passkeys = (await list('passkeys')) as Items<Listed & { name: string; host: string }>;
  const identities = (await list('identities')) as Items<Listed & { provider: string; email?: string }>;
  return [
    ...passkeys.items.map((one) => ({ ...one, kind: 'passkey' as const, what: `${one.name} at ${one.host}` })),
    ...identities.items.map((one) => ({
      ...one,
      kind: 'identity' as const,
      what: [one.provider, one.email].filter(Boolean).join(' '),
    })),
  ];
}

export interface SignInFlags extends DataDirFlags {
  readonly remove?: readonly string[];
}

/** Shows what somebody signs in with beside a password, after what is to go has gone. */
export async function listSignIns(ctx: Context, name: string, { dataDir, remove = [] }: SignInFlags): Promise<void> {
  const left = await asPeople(dataDir, async (client) => {
    const known = await signInMethods(ctx, client, name);
    const unknown = remove.find((id) => !known.some((one) => one.id === id));
    if (unknown !== undefined) throw new ConfigError(`${name} signs in by nothing of the ID "${unknown}"`);
    for (const { kind, id } of known.filter((one) => remove.includes(one.id))) {
      const of = kind === 'passkey' ? 'passkeys' : 'identities';
      await ask(ctx, client, 'DELETE', `${part(USERS, name, of)}?id=${encodeURIComponent(id)}`);
    }
    return signInMethods(ctx, client, name);
  });
  const rows = left.map(({ id, kind, what, lastUsedAt }) => [id, kind, what, lastUsedAt ?? 'never']);
  say(table(['ID', 'KIND', 'WHAT', 'LAST USED'], rows));
}

/** Keeps somebody out, or lets them in again. */
export async function disableUser(
  ctx: Context,
  name: string,
  disabled: boolean,
  { dataDir }: DataDirFlags,
): Promise<void> {
  await asPeople(dataDir, (client) =>
    inRoot<User>(client, USERS).patch(ctx, { name }, 'merge', { spec: { disabled } }),
  );
  say(disabled ? `${name} is disabled; sessions and tokens have ended` : `${name} may sign in again`);
}

export async function removeUser(ctx: Context, name: string, { dataDir }: DataDirFlags): Promise<void> {
  await asPeople(dataDir, (client) => inRoot<User>(client, USERS).delete(ctx, { name }));
  say(`Removed ${name}`);
}

export async function addTeam(ctx: Context, name: string, flags: PersonFlags): Promise<void> {
  await asPeople(flags.dataDir, (client) =>
    inRoot<Team>(client, TEAMS).create(ctx, draft<Team>(TEAMS, name, said(flags))),
  );
  say(`Made the team ${name}; to RBAC its members are the group team:${name}`);
}

export async function listTeams(ctx: Context, { dataDir }: DataDirFlags): Promise<void> {
  const { items } = await asPeople(dataDir, (client) => inRoot<Team>(client, TEAMS).list(ctx));
  const rows = items.map(({ metadata, spec }) => [
    metadata.name ?? '',
    spec?.displayName ?? '',
    (spec?.members ?? []).join(','),
  ]);
  say(table(['NAME', 'DISPLAY NAME', 'MEMBERS'], rows));
}

export async function removeTeam(ctx: Context, name: string, { dataDir }: DataDirFlags): Promise<void> {
  await asPeople(dataDir, (client) => inRoot<Team>(client, TEAMS).delete(ctx, { name }));
  say(`Removed the team ${name}`);
}

export interface MemberFlags extends DataDirFlags {
  readonly add?: readonly string[];
  readonly remove?: readonly string[];
}

/** Shows who belongs to a team, after who is to come or go has. */
export async function teamMembers(
  ctx: Context,
  team: string,
  { dataDir, add = [], remove = [] }: MemberFlags,
): Promise<void> {
  const { spec } = await asPeople(dataDir, (client) =>
    add.length + remove.length === 0
      ? inRoot<Team>(client, TEAMS).get(ctx, { name: team })
      : changeMembers(ctx, client, team, (members) => joined(members, add).filter((name) => !remove.includes(name))),
  );
  say((spec?.members ?? []).join('\n') || 'nobody');
}

export interface InviteFlags extends PersonFlags {
  readonly name?: string;
  readonly ttl: string;
}

/** Invites somebody, and shows the link, which holds the secret. */
export async function invite(ctx: Context, flags: InviteFlags): Promise<void> {
  const { dataDir, team: teams = [], ttl, name = `invitation-${ctx.clock.now().toString(36)}` } = flags;
  const spec = { ...said(flags), teams: [...teams], expiresAt: endOf(ctx, ttl) };
  const link = await asPeople(dataDir, async (client) => {
    await inRoot<Invitation>(client, INVITATIONS).create(ctx, draft<Invitation>(INVITATIONS, name, spec));
    return (await ask(ctx, client, 'POST', part(INVITATIONS, name, 'link'), {})) as { path: string };
  });
  say(`Invitation ${name}, until ${spec.expiresAt}. The link is shown once; put the dashboard's address before it:`);
  say(link.path);
}

export async function createToken(ctx: Context, name: string, flags: TokenFlags): Promise<void> {
  const scope = { clusters: flags.cluster ?? [], readOnly: flags.readOnly ?? false };
  const body = { name, expiresAt: endOf(ctx, flags.ttl ?? '30d'), scope };
  const path = part(USERS, flags.user, 'tokens');
  const made = (await asPeople(flags.dataDir, (client) => ask(ctx, client, 'POST', path, body))) as ShownToken & {
    token: string;
  };
  say(`Token ${made.id} of ${flags.user}, until ${made.expiresAt}; it is shown once:`);
  say(made.token);
}

export async function listTokens(ctx: Context, { dataDir, user }: TokenFlags): Promise<void> {
  const answer = await asPeople(dataDir, (client) => ask(ctx, client, 'GET', part(USERS, user, 'tokens')));
  const { items } = answer as { items: readonly ShownToken[] };
  const rows = items.map(({ id, name, clusters, readOnly, expiresAt, lastUsed }) => [
    ...[id, name, clusters.join(',') || 'all', readOnly ? 'read' : 'read, write', expiresAt, lastUsed ?? 'never'],
  ]);
  say(table(['ID', 'NAME', 'CLUSTERS', 'FOR', 'EXPIRES', 'LAST USED'], rows));
}

export async function revokeToken(
  ctx: Context,
  id: string | undefined,
  { dataDir, user, all }: TokenFlags & { all?: boolean },
) {
  if ((id === undefined) !== (all ?? false)) throw new ConfigError('say which token by its ID, or --all');
  const path = `${part(USERS, user, 'tokens')}${id === undefined ? '' : `?id=${encodeURIComponent(id)}`}`;
  const { revoked } = (await asPeople(dataDir, (client) => ask(ctx, client, 'DELETE', path))) as { revoked: number };
  say(`Revoked ${revoked}`);
}

import { groupsOfTeam, type Team, type User } from '@binnacle/apis-iam';
import { IAM, PEOPLE_CLUSTER, type RightHolder, useLive } from '@binnacle/web-data';
import { as } from '../view/kind-view.js';

/** All teams, live; none where they may not be seen. */
export function useTeams(): readonly Team[] {
  const { items } = useLive({ cluster: PEOPLE_CLUSTER, ...IAM, resource: 'teams' });
  return items.map((item) => as<Team>(item));
}

/** All people, live; nobody where they may not be seen. */
export function usePeople(): readonly User[] {
  const { items } = useLive({ cluster: PEOPLE_CLUSTER, ...IAM, resource: 'users' });
  return items.map((item) => as<User>(item));
}

/** The teams of a person. */
export const teamsOf = (user: string, teams: readonly Team[]): readonly Team[] =>
  teams.filter(({ spec }) => spec?.members?.includes(user));

/** The groups of a person, as authorization knows them by their teams. */
export function groupsOf(user: string, teams: readonly Team[]): string[] {
  return teamsOf(user, teams).flatMap(({ metadata }) => groupsOfTeam(metadata.name ?? ''));
}

const group = (name: string): RightHolder => ({ kind: 'Group', name });

/** As whom bindings may name a person. */
export const holdersOfPerson = (user: string, teams: readonly Team[]): readonly RightHolder[] => [
  { kind: 'User', name: user },
  ...groupsOf(user, teams).map(group),
];

/** As what bindings may name a team. */
export const holdersOfTeam = (team: string): readonly RightHolder[] => groupsOfTeam(team).map(group);

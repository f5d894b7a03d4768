/** Its members may do everything, everywhere. */
export const ADMINISTRATORS = 'administrators';
const EVERYTHING = 'system:masters';
const TEAM = 'team:';

/** What members of some teams belonged to before there were teams. */
const GROUPS_OF_TEAMS: Readonly<Record<string, string>> = {
  [ADMINISTRATORS]: EVERYTHING,
  editors: 'binnacle:editors',
  viewers: 'binnacle:viewers',
};

const TEAMS_OF_GROUPS = new Map(Object.entries(GROUPS_OF_TEAMS).map(([team, group]) => [group, team]));

/** The groups by which authorization knows the members of a team. */
export function groupsOfTeam(team: string): string[] {
  const more = Object.hasOwn(GROUPS_OF_TEAMS, team) ? GROUPS_OF_TEAMS[team] : undefined;
  return more === undefined ? [`${TEAM}${team}`] : [`${TEAM}${team}`, more];
}

/** The team whose members belong to a group of older releases; undefined where there is none. */
export const teamOfGroup = (group: string): string | undefined => TEAMS_OF_GROUPS.get(group);

/** What is said of looking as somebody else. */
export const viewing = {
  viewAs: {
    open: 'View as…',
    title: 'View as somebody else',
    lead: 'You see exactly what they see and may do exactly what they may do, until you end it. What you change is kept as done by them, through you.',
    user: 'Person',
    groups: 'Groups, separated by commas',
    groupsHint: 'As the teams of the person say, where you may see those.',
    submit: 'View',
    noUser: 'Name somebody.',
    unsayable: 'Such a name cannot be told to the server.',
    region: 'Viewing as somebody else',
    bar: 'You are viewing as {user}',
    withGroups: 'in {groups}',
    end: 'End',
    endHint: 'End viewing as somebody else',
  },
} as const;

import {
  ageColumn,
  ageOf,
  column,
  countGeneration,
  firstAndMore,
  nameColumn,
  nameOf,
  repeated,
  startGeneration,
  type TablePrinter,
  validateMeta,
  wide,
} from '@binnacle/apis-registry';
import { type FieldError, fieldPath, nameIsDnsLabel, tooMany } from '@binnacle/machinery-validation';
import { defineKind } from '../define-kind.js';
import { line } from '../fields.js';
import { TEAMS } from '../refs.js';
import type { Team } from '../types.js';

const MOST_MEMBERS = 1_000;
const SHOWN_MEMBERS = 10;

const membersOf = ({ spec }: Team): readonly string[] => spec?.members ?? [];

const printer: TablePrinter<Team> = {
  columns: [
    nameColumn,
    column('Display Name', 'What is shown instead of the name.'),
    column('Members', 'How many people belong to it.', { type: 'integer' }),
    ageColumn,
    wide('Who', 'Who belongs to it.'),
  ],
  row: (team, now) => [
    nameOf(team),
    team.spec?.displayName ?? '',
    membersOf(team).length,
    ageOf(team, now),
    firstAndMore(membersOf(team), SHOWN_MEMBERS),
  ],
};

function validate(team: Team): FieldError[] {
  const path = fieldPath('spec');
  const members = membersOf(team);
  const many = members.length > MOST_MEMBERS ? [tooMany(path.child('members'), members.length, MOST_MEMBERS)] : [];
  return [
    ...validateMeta(team, false, nameIsDnsLabel),
    ...line(team.spec?.displayName, path.child('displayName')),
    ...many,
    ...(many.length > 0 ? [] : repeated(team.spec?.members, path.child('members'))),
  ];
}

export const teams = defineKind<Team>(TEAMS, {
  subresources: [],
  strategy: {
    prepareForCreate: startGeneration,
    prepareForUpdate: (next, old) => countGeneration(next, old, 'spec'),
    validate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});

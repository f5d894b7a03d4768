import {
  ageColumn,
  ageOf,
  column,
  firstAndMore,
  nameColumn,
  nameOf,
  NONE,
  repeated,
  specAndStatus,
  type TablePrinter,
  validateMeta,
} from '@binnacle/apis-registry';
import { formatTime, parseTime } from '@binnacle/machinery-meta';
import {
  type FieldError,
  fieldPath,
  forbidden,
  invalid,
  nameIsDnsSubdomain,
  required,
  tooMany,
} from '@binnacle/machinery-validation';
import { defineKind } from '../define-kind.js';
import { emailAddress, line } from '../fields.js';
import { INVITATIONS } from '../refs.js';
import type { Invitation } from '../types.js';

const DAY = 24 * 60 * 60_000;
export const DEFAULT_INVITATION_MILLISECONDS = 7 * DAY;
export const LONGEST_INVITATION_MILLISECONDS = 30 * DAY;
const MOST_TEAMS = 20;
const SHOWN_TEAMS = 5;

const phaseOf = ({ status }: Invitation): string => status?.phase ?? 'Pending';

const printer: TablePrinter<Invitation> = {
  columns: [
    nameColumn,
    column('For', 'Who is invited.'),
    column('Teams', 'What whoever accepts becomes a member of.'),
    column('Status', 'What came of it.'),
    column('Expires', 'When it ends.'),
    ageColumn,
  ],
  row: (invitation, now) => [
    nameOf(invitation),
    invitation.spec?.displayName ?? invitation.spec?.email ?? NONE,
    firstAndMore(invitation.spec?.teams ?? [], SHOWN_TEAMS) || NONE,
    phaseOf(invitation),
    invitation.spec?.expiresAt ?? '',
    ageOf(invitation, now),
  ],
};

function validate(invitation: Invitation): FieldError[] {
  const path = fieldPath('spec');
  const { teams = [], displayName, email } = invitation.spec ?? {};
  return [
    ...validateMeta(invitation, false, nameIsDnsSubdomain),
    ...line(displayName, path.child('displayName')),
    ...emailAddress(email, path.child('email')),
    ...(teams.length > MOST_TEAMS ? [tooMany(path.child('teams'), teams.length, MOST_TEAMS)] : []),
    ...(teams.length > MOST_TEAMS ? [] : repeated(teams, path.child('teams'))),
  ];
}

/** `now` is when it was made. */
function validateExpiry({ spec, metadata }: Invitation): FieldError[] {
  const path = fieldPath('spec', 'expiresAt');
  const made = parseTime(metadata.creationTimestamp);
  const end = parseTime(spec?.expiresAt);
  if (end === undefined) return [required(path)];
  if (made === undefined || (end > made && end <= made + LONGEST_INVITATION_MILLISECONDS)) return [];
  return [invalid(path, spec?.expiresAt, 'must be within thirty days after it is made')];
}

function prepareForCreate(invitation: Invitation): void {
  specAndStatus.create(() => ({}))(invitation);
  const made = parseTime(invitation.metadata.creationTimestamp);
  invitation.spec ??= {};
  if (made !== undefined) invitation.spec.expiresAt ??= formatTime(made + DEFAULT_INVITATION_MILLISECONDS);
  invitation.status = { phase: 'Pending' };
}

/** One that has expired waits again where it is given more time; the server says so anew when that is over. */
function prepareForUpdate(next: Invitation, old: Invitation): void {
  specAndStatus.update(next, old);
  const isLonger = next.spec?.expiresAt !== old.spec?.expiresAt;
  if (old.status?.phase === 'Expired' && isLonger) next.status = { phase: 'Pending' };
}

/** What came of it is settled. */
function validateUpdate(next: Invitation, old: Invitation): FieldError[] {
  const errors = validateExpiry(next);
  if (old.status?.phase !== 'Accepted' || JSON.stringify(next.spec) === JSON.stringify(old.spec)) return errors;
  return [forbidden(fieldPath('spec'), 'the invitation has been accepted')];
}

export const invitations = defineKind<Invitation>(INVITATIONS, {
  subresources: [{ name: 'link', verbs: ['create'] }],
  strategy: {
    prepareForCreate,
    prepareForUpdate,
    prepareForStatusUpdate: specAndStatus.updateStatus,
    validate,
    validateCreate: validateExpiry,
    validateUpdate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});

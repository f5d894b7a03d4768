import {
  ageColumn,
  ageOf,
  column,
  nameColumn,
  nameOf,
  since,
  specAndStatus,
  type TablePrinter,
  validateMeta,
  wide,
} from '@binnacle/apis-registry';
import { type FieldError, fieldPath } from '@binnacle/machinery-validation';
import { defineKind } from '../define-kind.js';
import { emailAddress, line } from '../fields.js';
import { validatePersonName } from '../names.js';
import { USERS } from '../refs.js';
import type { User } from '../types.js';

const printer: TablePrinter<User> = {
  columns: [
    nameColumn,
    column('Display Name', 'What is shown instead of the name.'),
    column('Disabled', 'Whether the person cannot sign in.', { type: 'boolean' }),
    column('Last Sign-In', 'Time since the person signed in last.'),
    ageColumn,
    wide('Email', 'Where the person is reached.'),
  ],
  row: (user, now) => [
    nameOf(user),
    user.spec?.displayName ?? '',
    user.spec?.disabled ?? false,
    user.status?.lastSignIn ? since(user.status.lastSignIn, now) : '<never>',
    ageOf(user, now),
    user.spec?.email ?? '',
  ],
};

function validate(user: User): FieldError[] {
  const path = fieldPath('spec');
  return [
    ...validateMeta(user, false, validatePersonName),
    ...line(user.spec?.displayName, path.child('displayName')),
    ...emailAddress(user.spec?.email, path.child('email')),
  ];
}

/** Each is a right of its own: who has the first may become that person. */
const subresources = [
  { name: 'password', verbs: ['create'] },
  { name: 'sessions', verbs: ['get', 'delete'] },
  { name: 'tokens', verbs: ['get', 'create', 'delete'] },
  { name: 'passkeys', verbs: ['get', 'delete'] },
  { name: 'identities', verbs: ['get', 'delete'] },
] as const;

export const users = defineKind<User>(USERS, {
  subresources,
  strategy: {
    prepareForCreate: specAndStatus.create(() => ({})),
    prepareForUpdate: specAndStatus.update,
    prepareForStatusUpdate: specAndStatus.updateStatus,
    validate,
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: {},
});

import {
  ageColumn,
  ageOf,
  column,
  countGeneration,
  nameColumn,
  nameOf,
  repeated,
  startGeneration,
  type TablePrinter,
  validateMeta,
  wide,
} from '@binnacle/apis-registry';
import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  nameIsDnsLabel,
  required,
  tooLongCharacters,
  tooMany,
} from '@binnacle/machinery-validation';
import { defineKind } from '../define-kind.js';
import { line } from '../fields.js';
import { IDENTITY_PROVIDERS } from '../refs.js';
import type { IdentityProvider, IdentityProviderSpec } from '../types.js';

const MOST_GROUPS = 200;
const MOST_TEAMS = 20;
const MOST_TEXTS = 20;
const LONGEST_AUTHORITY = 64 * 1024;
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/;
const CLAIM = /^[\x21-\x7e]{1,100}$/;
/** A host, perhaps a port and a path; no user, query or fragment. */
const ISSUER = /^https:\/\/(?:[\w-]+(?:\.[\w-]+)*|\[[\da-f:.]+\])(?::\d{1,5})?(?:\/[^\s?#\\]*)?$/i;
const DOMAIN = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]+$/i;

const printer: TablePrinter<IdentityProvider> = {
  columns: [
    nameColumn,
    column('Display Name', 'What the page calls it.'),
    column('Issuer', 'Where it is.'),
    column('Disabled', 'Whether nobody signs in with it.', { type: 'boolean' }),
    column('Creates Users', 'Whether somebody nobody here knows is made a User.', { type: 'boolean' }),
    ageColumn,
    wide('Client ID', 'What it calls this installation.'),
  ],
  row: (provider, now) => [
    nameOf(provider),
    provider.spec?.displayName ?? '',
    provider.spec?.issuer ?? '',
    provider.spec?.disabled ?? false,
    provider.spec?.createUsers ?? false,
    ageOf(provider, now),
    provider.spec?.clientID ?? '',
  ],
};

function issuerErrors(issuer: string | undefined, path: FieldPath): FieldError[] {
  if (!issuer) return [required(path)];
  const errors = line(issuer, path);
  if (errors.length > 0) return errors;
  if (ISSUER.test(issuer)) return [];
  return [invalid(path, issuer, 'must be an https URL without user, query or fragment')];
}

/** Each of a list of texts, of which there are so many at most. */
function texts(values: readonly string[] = [], path: FieldPath, shape: RegExp, message: string): FieldError[] {
  if (values.length > MOST_TEXTS) return [tooMany(path, values.length, MOST_TEXTS)];
  const wrong = values.flatMap((value, at) => (shape.test(value) ? [] : [invalid(path.index(at), value, message)]));
  return [...wrong, ...repeated(values, path)];
}

function groupErrors({ groups = [] }: IdentityProviderSpec, path: FieldPath): FieldError[] {
  if (groups.length > MOST_GROUPS) return [tooMany(path, groups.length, MOST_GROUPS)];
  return groups.flatMap(({ group, teams = [] }, at) => {
    const of = path.index(at);
    if (teams.length > MOST_TEAMS) return [tooMany(of.child('teams'), teams.length, MOST_TEAMS)];
    const names = teams.flatMap((team, index) =>
      nameIsDnsLabel(team, false).map((message) => invalid(of.child('teams').index(index), team, message)),
    );
    const none = teams.length === 0 ? [required(of.child('teams'))] : [];
    return [...(group ? line(group, of.child('group')) : [required(of.child('group'))]), ...none, ...names];
  });
}

function secretErrors({ clientSecretRef: ref }: IdentityProviderSpec, path: FieldPath): FieldError[] {
  if (!ref) return [];
  const names = (['namespace', 'name'] as const).flatMap((field) => (ref[field] ? [] : [required(path.child(field))]));
  return [...names, ...Object.entries(ref).flatMap(([field, text]) => line(text, path.child(field)))];
}

function authorityErrors({ certificateAuthority: pem }: IdentityProviderSpec, path: FieldPath): FieldError[] {
  if (pem === undefined) return [];
  if (pem.length > LONGEST_AUTHORITY) return [tooLongCharacters(path, LONGEST_AUTHORITY)];
  return pem.includes('-----BEGIN CERTIFICATE-----') ? [] : [invalid(path, '', 'must be certificates in PEM')];
}

function validate(provider: IdentityProvider): FieldError[] {
  const path = fieldPath('spec');
  const spec = provider.spec ?? {};
  const claims = (['usernameClaim', 'groupsClaim'] as const).flatMap((field) =>
    spec[field] === undefined || CLAIM.test(spec[field])
      ? []
      : [invalid(path.child(field), spec[field], 'must be the name of a claim')],
  );
  return [
    ...validateMeta(provider, false, nameIsDnsLabel),
    ...line(spec.displayName, path.child('displayName')),
    ...issuerErrors(spec.issuer, path.child('issuer')),
    ...(spec.clientID ? line(spec.clientID, path.child('clientID')) : [required(path.child('clientID'))]),
    ...secretErrors(spec, path.child('clientSecretRef')),
    ...texts(spec.scopes, path.child('scopes'), SCOPE, 'must be a scope'),
    ...texts(spec.allowedDomains, path.child('allowedDomains'), DOMAIN, 'must be a domain such as example.com'),
    ...claims,
    ...groupErrors(spec, path.child('groups')),
    ...authorityErrors(spec, path.child('certificateAuthority')),
  ];
}

export const identityProviders = defineKind<IdentityProvider>(IDENTITY_PROVIDERS, {
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

import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import { type DefinitionSchema, type FieldSchema, type FieldType, schemaTable } from '@binnacle/apis-schema';
import { IAM_GROUP as group, IAM_VERSION as version } from '../group.js';
import { TEXTS } from './texts.js';

const PACKAGE = 'dev.binnacle.iam.v1';
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** The name of a structure in the table. */
export const schemaOf = (name: string): string => `${PACKAGE}.${name}`;

const text: FieldType = { kind: 'scalar', scalar: 'string' };
const flag: FieldType = { kind: 'scalar', scalar: 'bool' };
const count: FieldType = { kind: 'scalar', scalar: 'int32' };
const time: FieldType = { kind: 'scalar', scalar: 'time' };
const microTime: FieldType = { kind: 'scalar', scalar: 'microTime' };
const texts: FieldType = { kind: 'list', of: text, wrapped: false };
const object = (name: string): FieldType => ({ kind: 'object', name });

type Types = Readonly<Record<string, FieldType>>;

const listTypeOf = ({ of }: Extract<FieldType, { kind: 'list' }>) =>
  of.kind === 'scalar' ? ('set' as const) : ('atomic' as const);

/** Every field may be absent. Lists are sets, so that two who apply them each own what they add. */
function structure(name: string, types: Types): DefinitionSchema {
  const fields = Object.entries(types).map(([field, type]): [string, FieldSchema] => {
    const listType = type.kind === 'list' ? { listType: listTypeOf(type) } : {};
    return [field, { name: field, type, required: false, omitsEmpty: true, ...listType }];
  });
  return { name: schemaOf(name), freeForm: false, fields: new Map(fields) };
}

function kind(name: string, parts: Types): DefinitionSchema {
  const head = { apiVersion: text, kind: text, metadata: object(META) };
  return { ...structure(name, { ...head, ...parts }), gvk: { group, version, kind: name } };
}

const definitions: readonly DefinitionSchema[] = [
  kind('User', { spec: object(schemaOf('UserSpec')), status: object(schemaOf('UserStatus')) }),
  kind('Team', { spec: object(schemaOf('TeamSpec')) }),
  kind('Invitation', { spec: object(schemaOf('InvitationSpec')), status: object(schemaOf('InvitationStatus')) }),
  structure('UserSpec', { displayName: text, email: text, disabled: flag }),
  structure('UserStatus', {
    lastSignIn: time,
    mustChangePassword: flag,
    credentialsRevoked: microTime,
    passkeys: count,
    identities: texts,
  }),
  structure('TeamSpec', { displayName: text, members: texts }),
  structure('InvitationSpec', { displayName: text, email: text, teams: texts, expiresAt: time }),
  structure('InvitationStatus', { phase: text, acceptedBy: text }),
  kind('IdentityProvider', { spec: object(schemaOf('IdentityProviderSpec')) }),
  structure('IdentityProviderSpec', {
    displayName: text,
    issuer: text,
    clientID: text,
    clientSecretRef: object(schemaOf('SecretReference')),
    scopes: texts,
    certificateAuthority: text,
    usernameClaim: text,
    groupsClaim: text,
    groups: { kind: 'list', of: object(schemaOf('GroupMapping')), wrapped: false },
    allowedDomains: texts,
    createUsers: flag,
    disabled: flag,
  }),
  structure('SecretReference', { namespace: text, name: text, key: text }),
  structure('GroupMapping', { group: text, teams: texts }),
];

/** The structures of people and teams, on top of Kubernetes' own. */
export const iamSchemas = schemaTable('iam', definitions, builtinSchemas, (name, field) => {
  if (field === undefined) return TEXTS[name.slice(PACKAGE.length + 1)];
  return name.startsWith(PACKAGE) ? TEXTS[field] : undefined;
});

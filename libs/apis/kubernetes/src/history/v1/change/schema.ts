import { type DefinitionSchema, type FieldType, ownFields, schemaTable } from '@binnacle/apis-schema';
import { builtinSchemas } from '../../../schemas/builtin-schemas.js';

export const CHANGE = 'dev.binnacle.history.v1.Change';
const SPEC = `${CHANGE}Spec`;
const BLAME = 'dev.binnacle.history.v1.Blame';
const BLAMED_CHANGE = 'dev.binnacle.history.v1.BlamedChange';
const BLAMED_FIELD = 'dev.binnacle.history.v1.BlamedField';
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

const TEXTS: Readonly<Record<string, string>> = {
  [CHANGE]:
    'Change is an entry of a cluster’s log: that an object was created, updated or deleted. Nobody can write one.',
  [BLAME]: 'Blame says who set each field of an object, as it was with a change.',
  [BLAMED_CHANGE]: 'BlamedChange is a change that set fields of the object.',
  [BLAMED_FIELD]: 'BlamedField is a field of the object, and the revision of the change that set it last.',
  [SPEC]: 'ChangeSpec says what was changed, when and by whom.',
  apiVersion: 'APIVersion of the object at that time.',
  fields:
    'Fields are the paths of what an update changed, such as spec.containers[name=web].image. Values are not told.',
  groups: 'Groups the user was in, but for system:authenticated; absent of changes from before they were kept.',
  group: 'Group of the resource, empty for the core group.',
  kind: 'Kind of the object.',
  moreFields: 'MoreFields counts the paths that fields has no room for.',
  name: 'Name of the object.',
  namespace: 'Namespace of the object, absent where it is cluster-scoped.',
  replaces: 'Replaces is the resourceVersion that the object had before.',
  requestID: 'RequestID is the Audit-ID of the request that made the change, where it is known.',
  resource: 'Resource is the plural name of what the object is one of.',
  revision: 'Revision is the resourceVersion that the object had from then on.',
  time: 'Time at which the change was committed.',
  uid: 'UID of the object.',
  user: 'User who made the change.',
  userAgent: 'UserAgent is what the client said of itself.',
  verb: 'Verb is create, update or delete.',
};

const text: FieldType = { kind: 'scalar', scalar: 'string' };
const number: FieldType = { kind: 'scalar', scalar: 'int64' };
const object = (name: string): FieldType => ({ kind: 'object', name });

const VALUES = { verb: ['create', 'update', 'delete'] };
const fieldsOf = (types: Readonly<Record<string, FieldType>>) => ownFields(types, VALUES);

const definitions: readonly DefinitionSchema[] = [
  {
    name: CHANGE,
    freeForm: false,
    gvk: { group: 'history.binnacle.dev', version: 'v1', kind: 'Change' },
    fields: fieldsOf({ 'apiVersion?': text, 'kind?': text, 'metadata?': object(META), 'spec?': object(SPEC) }),
  },
  {
    name: SPEC,
    freeForm: false,
    fields: fieldsOf({
      revision: number,
      'replaces?': number,
      time: { kind: 'scalar', scalar: 'time' },
      verb: text,
      group: text,
      resource: text,
      apiVersion: text,
      kind: text,
      'namespace?': text,
      name: text,
      'uid?': text,
      user: text,
      'groups?': { kind: 'list', of: text, wrapped: false },
      userAgent: text,
      'requestID?': text,
      fields: { kind: 'list', of: text, wrapped: false },
      'moreFields?': number,
    }),
  },
  {
    name: BLAME,
    freeForm: false,
    gvk: { group: 'history.binnacle.dev', version: 'v1', kind: 'Blame' },
    fields: fieldsOf({
      'apiVersion?': text,
      'kind?': text,
      'metadata?': object(META),
      changes: { kind: 'list', of: object(BLAMED_CHANGE), wrapped: false },
      fields: { kind: 'list', of: object(BLAMED_FIELD), wrapped: false },
      'moreFields?': number,
      complete: { kind: 'scalar', scalar: 'bool' },
    }),
  },
  {
    name: BLAMED_CHANGE,
    freeForm: false,
    fields: fieldsOf({
      revision: number,
      time: { kind: 'scalar', scalar: 'time' },
      verb: text,
      user: text,
      'groups?': { kind: 'list', of: text, wrapped: false },
      userAgent: text,
      'requestID?': text,
      'manager?': text,
    }),
  },
  { name: BLAMED_FIELD, freeForm: false, fields: fieldsOf({ path: text, 'revision?': number }) },
];

/** The structure of Changes, on top of Kubernetes' own. */
export const changeSchemas = schemaTable('history', definitions, builtinSchemas, (name, field) =>
  name === SPEC && field !== undefined ? TEXTS[field] : field === undefined ? TEXTS[name] : undefined,
);

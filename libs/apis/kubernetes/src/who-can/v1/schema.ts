import { type DefinitionSchema, own, schemaTable } from '@binnacle/apis-schema';
import { builtinSchemas } from '../../schemas/builtin-schemas.js';

const PACKAGE = 'dev.binnacle.authorization.v1';
export const WHO_CAN = `${PACKAGE}.WhoCan`;
const [SPEC, STATUS, SUBJECT, GRANT] = ['Spec', 'Status', 'Subject', 'Grant'].map((part) => `${WHO_CAN}${part}`) as [
  string,
  string,
  string,
  string,
];
const AUTHORIZATION = 'io.k8s.api.authorization.v1';

const TEXTS: Readonly<Record<string, string>> = {
  [WHO_CAN]: 'WhoCan asks who may do something, and who could give the right to. It is only asked, and never kept.',
  [SPEC]: 'WhoCanSpec says what is asked about: one of the two.',
  [STATUS]: 'WhoCanStatus is the answer, as far as who asks may list bindings.',
  [SUBJECT]: 'WhoCanSubject is somebody, and by which bindings they may.',
  [GRANT]: 'WhoCanGrant is a binding and the role it gives.',
  apiGroup: 'APIGroup of the subject; empty for accounts.',
  by: 'By which bindings; none for members of system:masters.',
  couldGrant: 'CouldGrant lists who could write a binding that gives the right, and by what they may.',
  evaluationError: 'EvaluationError says which roles could not be found.',
  incomplete: 'Incomplete is true where there may be more than who asks may list.',
  kind: 'Kind of the subject or of the binding.',
  name: 'Name of the subject or of the binding.',
  namespace: 'Namespace of the account or of the binding.',
  nonResourceAttributes: 'NonResourceAttributes of a request to a path.',
  resourceAttributes: 'ResourceAttributes of a request about objects.',
  roleKind: 'RoleKind is Role or ClusterRole.',
  roleName: 'RoleName is the name of the role.',
  spec: 'Spec says what is asked about.',
  status: 'Status is filled in by the server.',
  subjects: 'Subjects who may do it.',
};

const { text, flag, object } = own;
const listOf = (name: string) => own.listOf(object(name));

const structure = own.structuresWith();

const definitions: readonly DefinitionSchema[] = [
  {
    ...structure(WHO_CAN, {
      'apiVersion?': text,
      'kind?': text,
      'metadata?': object('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'),
      spec: object(SPEC),
      'status?': object(STATUS),
    }),
    gvk: { group: 'authorization.binnacle.dev', version: 'v1', kind: 'WhoCan' },
  },
  structure(SPEC, {
    'resourceAttributes?': object(`${AUTHORIZATION}.ResourceAttributes`),
    'nonResourceAttributes?': object(`${AUTHORIZATION}.NonResourceAttributes`),
  }),
  structure(STATUS, {
    subjects: listOf(SUBJECT),
    couldGrant: listOf(SUBJECT),
    incomplete: flag,
    'evaluationError?': text,
  }),
  structure(SUBJECT, { 'apiGroup?': text, kind: text, name: text, 'namespace?': text, by: listOf(GRANT) }),
  structure(GRANT, { kind: text, name: text, 'namespace?': text, roleKind: text, roleName: text }),
];

/** The structure of the question and its answer, on top of Kubernetes' own. */
export const whoCanSchemas = schemaTable('who-can', definitions, builtinSchemas, (name, field) =>
  field === undefined ? TEXTS[name] : name.startsWith(PACKAGE) ? TEXTS[field] : undefined,
);

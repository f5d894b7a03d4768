import type { ServedKind, SubresourceDefinition, Verb } from '../served-kind.js';
import type { SchemaKind, SchemaTable } from '../types.js';
import { connectOperations, type ConnectTarget } from './connect-operations.js';
import type { Method, Operation } from './operation.js';
import {
  deleteParameters,
  listParameters,
  logParameters,
  nameParameter,
  namespaceParameter,
  type Parameter,
  patchParameters,
  pretty,
  writeParameters,
} from './parameters.js';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const STATUS = `${META}.Status`;
const DELETE_OPTIONS = `${META}.DeleteOptions`;
const PATCH = `${META}.Patch`;
const WATCH_EVENT = `${META}.WatchEvent`;

const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const PROTOBUF = 'application/vnd.kubernetes.protobuf';
export const PATCH_MEDIA_TYPES: readonly string[] = [
  'application/json-patch+json',
  'application/merge-patch+json',
  STRATEGIC_PATCH,
  'application/apply-patch+yaml',
];
const BODY_MEDIA_TYPES: readonly string[] = ['application/json', 'application/yaml', PROTOBUF];

interface Shape {
  readonly verb: Verb;
  readonly method: Method;
  readonly prefix: string;
  /** What the name of the operation says before that of its scope: a collection is deleted, not an object. */
  readonly infix?: string;
  /** The verb as authorization knows it, where that is neither the verb nor the method. */
  readonly action?: string;
  readonly sentence: (kind: string) => string;
  readonly parameters: readonly Parameter[];
  readonly codes: readonly number[];
}

/** Kinds in the plural have none. */
function withArticle(kind: string): string {
  if (kind.endsWith('s') && !kind.endsWith('ss')) return kind;
  return /^[aeiou]/i.test(kind) ? `an ${kind}` : `a ${kind}`;
}

const OF_WATCHES = new Set(['allowWatchBookmarks', 'watch']);

const COLLECTION: readonly Shape[] = [
  {
    verb: 'list',
    method: 'get',
    prefix: 'list',
    sentence: (kind) => `list or watch objects of kind ${kind}`,
    parameters: listParameters,
    codes: [200, 401],
  },
  {
    verb: 'create',
    method: 'post',
    prefix: 'create',
    sentence: (kind) => `create ${withArticle(kind)}`,
    parameters: writeParameters,
    codes: [200, 201, 202, 401],
  },
  {
    verb: 'deletecollection',
    method: 'delete',
    prefix: 'delete',
    infix: 'Collection',
    sentence: (kind) => `delete collection of ${kind}`,
    parameters: [...deleteParameters, ...listParameters.filter(({ name }) => !OF_WATCHES.has(name))],
    codes: [200, 401],
  },
];
const ITEM: readonly Shape[] = [
  {
    verb: 'get',
    method: 'get',
    prefix: 'read',
    sentence: (kind) => `read the specified ${kind}`,
    parameters: [],
    codes: [200, 401],
  },
  {
    verb: 'update',
    method: 'put',
    prefix: 'replace',
    sentence: (kind) => `replace the specified ${kind}`,
    parameters: writeParameters,
    codes: [200, 201, 401],
  },
  {
    verb: 'patch',
    method: 'patch',
    prefix: 'patch',
    sentence: (kind) => `partially update the specified ${kind}`,
    parameters: patchParameters,
    codes: [200, 201, 401],
  },
  {
    verb: 'delete',
    method: 'delete',
    prefix: 'delete',
    sentence: (kind) => `delete ${withArticle(kind)}`,
    parameters: deleteParameters,
    codes: [200, 202, 401],
  },
];
const INSTEAD = "deprecated: use the 'watch' parameter with a list operation instead";
/** Watches by paths of their own, which were there before the parameter. */
const WATCH_LIST: Shape = {
  verb: 'watch',
  method: 'get',
  prefix: 'watch',
  action: 'watchlist',
  sentence: (kind) => `watch individual changes to a list of ${kind}. ${INSTEAD}.`,
  parameters: listParameters,
  codes: [200, 401],
};
const WATCH_ITEM: Shape = {
  ...WATCH_LIST,
  action: 'watch',
  sentence: (kind) =>
    `watch changes to an object of kind ${kind}. ${INSTEAD}, filtered to a single item with the 'fieldSelector' parameter.`,
};
/** Subresources that are made rather than read, such as eviction and token. */
const CREATE_ON_ITEM = COLLECTION.filter(({ verb }) => verb === 'create');

const ON_SUBRESOURCE: Readonly<Partial<Record<Verb, string>>> = {
  get: 'read',
  update: 'replace',
  patch: 'partially update',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `CoreV1`, `AppsV1`, `RbacAuthorizationV1`. */
function groupVersionName(group: string, version: string): string {
  const parts = (group || 'core').replace(/\.k8s\.io$/, '').split('.');
  return parts.map(capital).join('') + capital(version);
}

export function rootPath(group: string, version: string): string {
  return group ? `/apis/${group}/${version}` : `/api/${version}`;
}

const listSchema = (schemas: SchemaTable, schema: string): string =>
  schemas.find(`${schema}List`) ? `${schema}List` : schema;

interface Target {
  readonly definition: ServedKind;
  readonly path: string;
  readonly pathParameters: readonly Parameter[];
  readonly subresource?: SubresourceDefinition;
  readonly suffix: string;
}

function kindOf({ definition, subresource }: Target): SchemaKind {
  const { group, version, names } = definition;
  return subresource?.gvk ?? { group, version, kind: names.kind };
}

function schemaOf({ definition, subresource }: Target): string {
  return (subresource?.gvk && definition.schemas.findKind(subresource.gvk)) ?? definition.schema;
}

function bodyOf(verb: Verb, schema: string): string | undefined {
  if (verb === 'patch') return PATCH;
  if (verb === 'create' || verb === 'update') return schema;
  return verb === 'delete' || verb === 'deletecollection' ? DELETE_OPTIONS : undefined;
}

function answerOf(verb: Verb, schema: string, { definition, subresource }: Target): string | undefined {
  if (subresource?.name === 'log') return undefined;
  if (verb === 'watch') return WATCH_EVENT;
  if (verb === 'list') return listSchema(definition.schemas, schema);
  if (verb === 'delete') return definition.strategy?.answersDeleted ? schema : STATUS;
  return verb === 'deletecollection' ? STATUS : schema;
}

function bodyTypesOf(verb: Verb, { custom }: ServedKind): readonly string[] {
  const types = verb === 'patch' ? PATCH_MEDIA_TYPES : BODY_MEDIA_TYPES;
  return custom ? types.filter((type) => type !== STRATEGIC_PATCH && type !== PROTOBUF) : types;
}

function describe({ verb, sentence }: Shape, { definition, subresource }: Target): string {
  const { kind } = definition.names;
  if (subresource && verb === 'create') return `create ${subresource.name} of ${withArticle(kind)}`;
  if (verb === 'list' && !definition.verbs.includes('watch')) return `list objects of kind ${kind}`;
  return subresource ? `${ON_SUBRESOURCE[verb]} ${subresource.name} of the specified ${kind}` : sentence(kind);
}

function actionOf({ verb, action }: Shape): string {
  if (action) return action;
  return verb === 'update' ? 'put' : verb === 'create' ? 'post' : verb;
}

function idOf({ prefix, infix = '' }: Shape, { definition, suffix }: Target): string {
  const { names, namespaced, group, version } = definition;
  const scope = namespaced && !suffix.endsWith('ForAllNamespaces') ? 'Namespaced' : '';
  return `${prefix}${groupVersionName(group, version)}${infix}${scope}${names.kind}${suffix}`;
}

function operation(shape: Shape, target: Target): Operation {
  const { definition, subresource } = target;
  const isLog = subresource?.name === 'log';
  const schema = schemaOf(target);
  const body = bodyOf(shape.verb, schema);
  return {
    path: target.path,
    method: shape.method,
    id: idOf(shape, target),
    description: describe(shape, target),
    action: actionOf(shape),
    gvk: kindOf(target),
    parameters: [...target.pathParameters, pretty, ...shape.parameters, ...(isLog ? logParameters : [])],
    ...(body && { body }),
    bodyTypes: bodyTypesOf(shape.verb, definition),
    isPatch: shape.verb === 'patch',
    answer: answerOf(shape.verb, schema, target),
    codes: shape.codes,
  };
}

function shapesFor(shapes: readonly Shape[], verbs: readonly Verb[]): Shape[] {
  return shapes.filter(({ verb }) => verbs.includes(verb));
}

function connectTarget(target: Target, subresource: SubresourceDefinition): ConnectTarget {
  const { definition, path, pathParameters: parameters, suffix } = target;
  const { group, version, names, namespaced } = definition;
  const name = `${namespaced ? 'Namespaced' : ''}${names.kind}${suffix}`;
  const groupVersion = groupVersionName(group, version);
  return { path, parameters, name, groupVersion, kind: names.kind, subresource, gvk: kindOf(target) };
}

function subresourceOperations(definition: ServedKind, item: Target): Operation[] {
  return definition.subresources.flatMap((subresource) => {
    const path = `${item.path}/${subresource.name}`;
    const target: Target = { ...item, path, subresource, suffix: capital(subresource.name) };
    if (subresource.connects) return connectOperations(connectTarget(target, subresource));
    const shapes = [...shapesFor(ITEM, subresource.verbs), ...shapesFor(CREATE_ON_ITEM, subresource.verbs)];
    return shapes.map((shape) => operation(shape, target));
  });
}

/** The paths with `watch` before what is watched. Custom kinds have none. */
function watchOperations({ definition, path, ...target }: Target, item: Target, everywhere: Target): Operation[] {
  const { custom, verbs, namespaced, group, version } = definition;
  if (custom || !verbs.includes('watch')) return [];
  const root = rootPath(group, version);
  const watched = (at: string) => at.replace(root, `${root}/watch`);
  const collection = { ...target, definition, path: watched(path), suffix: 'List' };
  const all = { ...everywhere, path: watched(everywhere.path), suffix: 'ListForAllNamespaces' };
  return [
    operation(WATCH_LIST, collection),
    operation(WATCH_ITEM, { ...item, path: watched(item.path) }),
    ...(namespaced ? [operation(WATCH_LIST, all)] : []),
  ];
}

/** All operations on a kind: of the collection, of one object, of its subresources, over all namespaces, by older paths. */
export function operationsOf(definition: ServedKind): Operation[] {
  const { group, version, names, namespaced, verbs } = definition;
  const root = rootPath(group, version);
  const path = namespaced ? `${root}/namespaces/{namespace}/${names.plural}` : `${root}/${names.plural}`;
  const pathParameters = namespaced ? [namespaceParameter] : [];
  const collection: Target = { definition, path, pathParameters, suffix: '' };
  const item: Target = {
    ...collection,
    path: `${path}/{name}`,
    pathParameters: [nameParameter(names.kind), ...pathParameters],
  };
  const everywhere: Target = {
    definition,
    path: `${root}/${names.plural}`,
    pathParameters: [],
    suffix: 'ForAllNamespaces',
  };
  return [
    ...shapesFor(COLLECTION, verbs).map((shape) => operation(shape, collection)),
    ...shapesFor(ITEM, verbs).map((shape) => operation(shape, item)),
    ...subresourceOperations(definition, item),
    ...(namespaced && verbs.includes('list') ? [operation(COLLECTION[0] as Shape, everywhere)] : []),
    ...watchOperations(collection, item, everywhere),
  ];
}

/** Definitions that operations speak of. */
export function definitionsOf(operations: readonly Operation[]): Set<string> {
  const names = operations.flatMap(({ body, answer }) => [body, answer]);
  return new Set([...names.filter((name) => name !== undefined), STATUS, DELETE_OPTIONS]);
}

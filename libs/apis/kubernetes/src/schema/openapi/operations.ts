import type { ResourceDefinition, SubresourceDefinition, Verb } from '../../registry/definition.js';
import { findSchema, schemaForKind } from '../definitions.js';
import type { SchemaKind } from '../types.js';
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

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What one method of one path does, independent of the form of the document. */
export interface Operation {
  readonly path: string;
  readonly method: Method;
  readonly id: string;
  readonly description: string;
  /** `x-kubernetes-action`, the verb as authorization knows it. */
  readonly action: string;
  readonly gvk: SchemaKind;
  readonly parameters: readonly Parameter[];
  /** Definition of the body, where there is one. */
  readonly body?: string;
  readonly isPatch: boolean;
  /** Definition of a good answer; undefined for text. */
  readonly answer: string | undefined;
  readonly codes: readonly number[];
}

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';
const STATUS = `${META}.Status`;
const DELETE_OPTIONS = `${META}.DeleteOptions`;
const PATCH = `${META}.Patch`;

interface Shape {
  readonly verb: Verb;
  readonly method: Method;
  readonly prefix: string;
  readonly sentence: (kind: string) => string;
  readonly parameters: readonly Parameter[];
  readonly codes: readonly number[];
}

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
    sentence: (kind) => `create a ${kind}`,
    parameters: writeParameters,
    codes: [200, 201, 202, 401],
  },
  {
    verb: 'deletecollection',
    method: 'delete',
    prefix: 'deleteCollection',
    sentence: (kind) => `delete a collection of ${kind}`,
    parameters: [...deleteParameters, ...listParameters],
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
    sentence: (kind) => `delete a ${kind}`,
    parameters: deleteParameters,
    codes: [200, 202, 401],
  },
];
/** Subresources that are made rather than read, such as eviction and token. */
const CREATE_ON_ITEM = COLLECTION.filter(({ verb }) => verb === 'create');

const ON_SUBRESOURCE: Readonly<Partial<Record<Verb, string>>> = {
  create: 'create',
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

const listSchema = (schema: string): string => (findSchema(`${schema}List`) ? `${schema}List` : schema);

interface Target {
  readonly definition: ResourceDefinition;
  readonly path: string;
  readonly pathParameters: readonly Parameter[];
  readonly subresource?: SubresourceDefinition;
  readonly suffix: string;
}

function kindOf({ definition, subresource }: Target): SchemaKind {
  const { group, version, names } = definition;
  return subresource?.gvk ?? { group, version, kind: names.kind };
}

function schemaOf(target: Target): string {
  return (target.subresource?.gvk && schemaForKind(target.subresource.gvk)) ?? target.definition.schema;
}

function bodyOf(verb: Verb, schema: string): string | undefined {
  if (verb === 'patch') return PATCH;
  if (verb === 'create' || verb === 'update') return schema;
  return verb === 'delete' || verb === 'deletecollection' ? DELETE_OPTIONS : undefined;
}

function answerOf(verb: Verb, schema: string, isLog: boolean): string | undefined {
  if (isLog) return undefined;
  if (verb === 'list') return listSchema(schema);
  return verb === 'delete' || verb === 'deletecollection' ? STATUS : schema;
}

function describe({ verb, sentence }: Shape, { definition, subresource }: Target): string {
  const { kind } = definition.names;
  return subresource ? `${ON_SUBRESOURCE[verb]} ${subresource.name} of the specified ${kind}` : sentence(kind);
}

function operation(shape: Shape, target: Target): Operation {
  const { definition, subresource, suffix } = target;
  const { names, namespaced, group, version } = definition;
  const isLog = subresource?.name === 'log';
  const scope = namespaced && suffix !== 'ForAllNamespaces' ? 'Namespaced' : '';
  const schema = schemaOf(target);
  const body = bodyOf(shape.verb, schema);
  return {
    path: target.path,
    method: shape.method,
    id: `${shape.prefix}${groupVersionName(group, version)}${scope}${names.kind}${suffix}`,
    description: describe(shape, target),
    action: shape.verb === 'update' ? 'put' : shape.verb === 'create' ? 'post' : shape.verb,
    gvk: kindOf(target),
    parameters: [...target.pathParameters, pretty, ...shape.parameters, ...(isLog ? logParameters : [])],
    ...(body && { body }),
    isPatch: shape.verb === 'patch',
    answer: answerOf(shape.verb, schema, isLog),
    codes: shape.codes,
  };
}

function shapesFor(shapes: readonly Shape[], verbs: readonly Verb[]): Shape[] {
  return shapes.filter(({ verb }) => verbs.includes(verb));
}

function subresourceOperations(definition: ResourceDefinition, item: Target): Operation[] {
  return definition.subresources.flatMap((subresource) => {
    const path = `${item.path}/${subresource.name}`;
    const target: Target = { ...item, path, subresource, suffix: capital(subresource.name) };
    const shapes = [...shapesFor(ITEM, subresource.verbs), ...shapesFor(CREATE_ON_ITEM, subresource.verbs)];
    return shapes.map((shape) => operation(shape, target));
  });
}

/** All operations on a kind: of the collection, of one object, of its subresources, over all namespaces. */
export function operationsOf(definition: ResourceDefinition): Operation[] {
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
  ];
}

/** Definitions that operations speak of. */
export function definitionsOf(operations: readonly Operation[]): Set<string> {
  const names = operations.flatMap(({ body, answer }) => [body, answer]);
  return new Set([...names.filter((name) => name !== undefined), STATUS, DELETE_OPTIONS]);
}

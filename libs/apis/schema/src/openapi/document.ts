import type { JsonObject } from '@binnacle/machinery-patch';
import type { ServedKind } from '../served-kind.js';
import type { DefinitionSchema, Descriptions, OpenApiVersion, SchemaTable } from '../types.js';
import { addReachable, SchemaWriter } from './json-schema.js';
import type { Operation } from './operation.js';
import { definitionsOf, operationsOf, rootPath } from './operations.js';
import type { Parameter } from './parameters.js';

const ANSWER_MEDIA_TYPES = ['application/json', 'application/yaml'];
const CODE_TEXTS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  401: 'Unauthorized',
};
const SECURITY_TEXT = 'Bearer Token authentication';

const content = (types: readonly string[], schema: JsonObject): JsonObject =>
  Object.fromEntries(types.map((type) => [type, { schema }]));

function common({ id, description, action, gvk }: Operation, group: string): JsonObject {
  const { group: kindGroup, version, kind } = gvk;
  return {
    description,
    operationId: id,
    tags: [
      `${(group || 'core').replace(/\.k8s\.io$/, '').replace(/\.(\w)/g, (_, letter: string) => letter.toUpperCase())}_${version}`,
    ],
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group: kindGroup, version, kind },
  };
}

const parameterV3 = ({ name, in: place, type, description }: Parameter): JsonObject => ({
  name,
  in: place,
  description,
  ...(place === 'path' && { required: true }),
  schema: { type, uniqueItems: true },
});

const parameterV2 = ({ name, in: place, type, description }: Parameter): JsonObject => ({
  name,
  in: place,
  description,
  ...(place === 'path' && { required: true }),
  type,
  uniqueItems: true,
});

function answersV3({ codes, answer, connects }: Operation, writer: SchemaWriter): JsonObject {
  const good =
    answer === undefined
      ? content(connects ? ['*/*'] : ['text/plain'], { type: 'string' })
      : content(ANSWER_MEDIA_TYPES, writer.reference(answer));
  return Object.fromEntries(
    codes.map((code) => [code, { description: CODE_TEXTS[code], ...(code < 300 && { content: good }) }]),
  );
}

function operationV3(operation: Operation, group: string, writer: SchemaWriter): JsonObject {
  const { parameters, body, bodyTypes: types } = operation;
  return {
    ...common(operation, group),
    parameters: parameters.map(parameterV3),
    ...(body && {
      requestBody: { content: content(types, writer.reference(body)), ...(needsBody(operation) && { required: true }) },
    }),
    responses: answersV3(operation, writer),
  };
}

const needsBody = ({ method }: Operation): boolean => method !== 'delete';

function producesOf({ answer, connects }: Operation): readonly string[] {
  if (connects) return ['*/*'];
  return answer === undefined ? ['text/plain'] : ANSWER_MEDIA_TYPES;
}

function operationV2(operation: Operation, group: string, writer: SchemaWriter): JsonObject {
  const { parameters, body, bodyTypes, isPatch, codes, answer } = operation;
  const schema = answer === undefined ? { type: 'string' } : writer.reference(answer);
  const bodyParameter = body && {
    name: 'body',
    in: 'body',
    ...(needsBody(operation) && { required: true }),
    schema: writer.reference(body),
  };
  return {
    ...common(operation, group),
    consumes: isPatch ? bodyTypes : ['*/*'],
    produces: producesOf(operation),
    schemes: ['https'],
    parameters: [...(bodyParameter ? [bodyParameter] : []), ...parameters.map(parameterV2)],
    responses: Object.fromEntries(
      codes.map((code) => [code, { description: CODE_TEXTS[code], ...(code < 300 && { schema }) }]),
    ),
  };
}

type Render = (operation: Operation, group: string, writer: SchemaWriter) => JsonObject;

function pathsOf(definitions: readonly ServedKind[], render: Render, writer: SchemaWriter): JsonObject {
  const paths = new Map<string, JsonObject>();
  for (const definition of definitions) {
    for (const operation of operationsOf(definition)) {
      const path = paths.get(operation.path) ?? {};
      path[operation.method] = render(operation, definition.group, writer);
      paths.set(operation.path, path);
    }
  }
  return Object.fromEntries([...paths].sort(([left], [right]) => (left < right ? -1 : 1)));
}

interface Prepared {
  readonly known: readonly ServedKind[];
  readonly writer: SchemaWriter;
  /** In the order of their names. */
  readonly schemas: readonly DefinitionSchema[];
}

async function prepare(version: OpenApiVersion, definitions: readonly ServedKind[]): Promise<Prepared> {
  const known = definitions.filter(({ schema, schemas }) => schemas.find(schema) !== undefined);
  const schemas = new Map<string, DefinitionSchema>();
  const descriptions = new Map<string, Descriptions>();
  for (const [table, members] of byTable(known)) {
    const before = schemas.size;
    const roots = definitionsOf(members.flatMap(operationsOf));
    addReachable(schemas, table, [...roots, ...members.map(({ schema }) => schema)]);
    const added = [...schemas.keys()].slice(before);
    const texts = await table.describe(added);
    for (const name of added) descriptions.set(name, texts);
  }
  return {
    known,
    writer: new SchemaWriter(version, { of: (name, field) => descriptions.get(name)?.of(name, field) }),
    schemas: inOrder(schemas.values()),
  };
}

function byTable(definitions: readonly ServedKind[]): Map<SchemaTable, ServedKind[]> {
  const tables = new Map<SchemaTable, ServedKind[]>();
  for (const definition of definitions) {
    const members = tables.get(definition.schemas);
    if (members) members.push(definition);
    else tables.set(definition.schemas, [definition]);
  }
  return tables;
}

const inOrder = (schemas: Iterable<DefinitionSchema>): DefinitionSchema[] =>
  [...schemas].sort((left, right) => (left.name < right.name ? -1 : 1));

export interface ServedGroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Where the newer document of a group version is served, below `/openapi/v3/`: `api/v1`, `apis/apps/v1`. */
export function openApiV3Path({ group, version }: ServedGroupVersion): string {
  return rootPath(group, version).slice(1);
}

/** The document of one group version in OpenAPI 3.0. Kinds the tables do not know are left out. */
export async function openApiV3(
  served: ServedGroupVersion,
  definitions: readonly ServedKind[],
  serverVersion: string,
): Promise<JsonObject> {
  const own = definitions.filter(({ group, version }) => group === served.group && version === served.version);
  const { known, writer, schemas } = await prepare('v3', own);
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: serverVersion },
    paths: pathsOf(known, operationV3, writer),
    components: {
      schemas: writer.definitions(schemas),
      securitySchemes: {
        BearerToken: { type: 'apiKey', name: 'authorization', in: 'header', description: SECURITY_TEXT },
      },
    },
    security: [{ BearerToken: [] }],
  };
}

/** The answer of `/openapi/v3`: where each document is. `hash` changes when the document does. */
export function openApiV3Index(documents: readonly (ServedGroupVersion & { readonly hash: string })[]): JsonObject {
  const paths = documents.map((document) => {
    const path = openApiV3Path(document);
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${document.hash}` }];
  });
  return { paths: Object.fromEntries(paths) as JsonObject };
}

/** The one document of all kinds in OpenAPI 2.0, for older clients. */
export async function openApiV2(definitions: readonly ServedKind[], serverVersion: string): Promise<JsonObject> {
  const { known, writer, schemas } = await prepare('v2', definitions);
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version: serverVersion },
    paths: pathsOf(known, operationV2, writer),
    definitions: writer.definitions(schemas),
    securityDefinitions: {
      BearerToken: { description: SECURITY_TEXT, type: 'apiKey', name: 'authorization', in: 'header' },
    },
    security: [{ BearerToken: [] }],
  };
}

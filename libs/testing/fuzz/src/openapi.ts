/** As much of an OpenAPI v2 document as requests are made from. */
export interface OpenApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly items?: OpenApiSchema;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema;
  readonly required?: readonly string[];
}

export interface OpenApiParameter {
  readonly name: string;
  readonly in: string;
  readonly type?: string;
  readonly schema?: OpenApiSchema;
  readonly $ref?: string;
}

export interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly definitions: Readonly<Record<string, OpenApiSchema>>;
  readonly parameters?: Readonly<Record<string, OpenApiParameter>>;
}

/** One thing that can be asked of the server. */
export interface Operation {
  readonly method: string;
  /** With `{namespace}` and `{name}` where they stand. */
  readonly path: string;
  /** Names of the query's parameters. */
  readonly query: readonly string[];
  readonly body?: OpenApiSchema;
  readonly gvk?: { readonly group: string; readonly version: string; readonly kind: string };
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

interface RawOperation {
  readonly parameters?: readonly OpenApiParameter[];
  readonly 'x-kubernetes-group-version-kind'?: Operation['gvk'];
}

/** Every operation of a document, in its order. */
export function operationsOf(document: OpenApiDocument): Operation[] {
  const resolve = (parameter: OpenApiParameter): OpenApiParameter | undefined =>
    parameter.$ref ? document.parameters?.[parameter.$ref.split('/').at(-1) ?? ''] : parameter;
  return Object.entries(document.paths).flatMap(([path, item]) => {
    const shared = (item.parameters ?? []) as readonly OpenApiParameter[];
    return METHODS.filter((method) => item[method] !== undefined).map((method) => {
      const operation = item[method] as RawOperation;
      const parameters = [...shared, ...(operation.parameters ?? [])].flatMap((each) => resolve(each) ?? []);
      const body = parameters.find((parameter) => parameter.in === 'body')?.schema;
      const gvk = operation['x-kubernetes-group-version-kind'];
      return {
        method: method.toUpperCase(),
        path,
        query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        ...(body && { body }),
        ...(gvk && { gvk }),
      };
    });
  });
}

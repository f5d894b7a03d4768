import { clusterPrefix } from '@binnacle/machinery-meta';
import { call } from './http.js';
import type { Resource } from './resources.js';

/** What the server's OpenAPI documents say of a value; only what is read of them. */
export interface ApiSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly items?: ApiSchema;
  readonly additionalProperties?: ApiSchema | boolean;
  readonly allOf?: readonly ApiSchema[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

export interface ApiDocument {
  readonly components?: { readonly schemas?: Readonly<Record<string, ApiSchema>> };
}

/** The OpenAPI v3 document of a kind's group and version: built-in kinds and those of CustomResourceDefinitions alike. */
export function fetchApiDocument(
  cluster: string,
  { group, version }: Pick<Resource, 'group' | 'version'>,
  signal?: AbortSignal,
): Promise<ApiDocument> {
  const place = group ? `apis/${group}/${version}` : `api/${version}`;
  return call(`${clusterPrefix(cluster)}/openapi/v3/${place}`, signal ? { signal } : {});
}

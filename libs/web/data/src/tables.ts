import { call } from './http.js';
import { type ApiTarget, apiPath, type QueryParams } from './paths.js';
import type { KubeObject } from './resources.js';

export interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

export type TableCell = string | number | boolean | null | undefined;

export interface ServerTable {
  readonly columnDefinitions: readonly TableColumn[];
  readonly rows: readonly { readonly cells: readonly TableCell[]; readonly object?: KubeObject }[];
}

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

/** The server's own columns and cells of a collection: what `kubectl get -o wide` prints. */
export function fetchTable(target: ApiTarget, params: QueryParams = {}, signal?: AbortSignal): Promise<ServerTable> {
  return call<ServerTable>(apiPath(target, { includeObject: 'Metadata', ...params }), {
    accept: TABLE,
    ...(signal && { signal }),
  });
}

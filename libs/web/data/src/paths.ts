import type { ObjectRef, Resource, ResourceRef } from './resources.js';
import { resourceId } from './resources.js';

export const MAIN_CLUSTER = 'main';

function query(params: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const entries = Object.entries(params).filter(([, value]) => value !== undefined && value !== '' && value !== false);
  if (entries.length === 0) return '';
  return `?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))}`;
}

export interface ApiTarget extends ResourceRef {
  readonly cluster: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

export type QueryParams = Readonly<Record<string, string | number | boolean | undefined>>;

/** The API's path of a collection, object or subresource. */
export function apiPath(target: ApiTarget, params: QueryParams = {}): string {
  const parts = [
    clusterPrefix(target.cluster),
    target.group ? `/apis/${target.group}/${target.version}` : `/api/${target.version}`,
    target.namespace ? `/namespaces/${encodeURIComponent(target.namespace)}` : '',
    `/${target.resource}`,
    target.name ? `/${encodeURIComponent(target.name)}` : '',
    target.subresource ? `/${target.subresource}` : '',
  ];
  return parts.join('') + query(params);
}

/** `main` is served at the root; every other logical cluster below its own prefix. */
export function clusterPrefix(cluster: string): string {
  return cluster === MAIN_CLUSTER ? '' : `/clusters/${encodeURIComponent(cluster)}`;
}

export interface ListPageState {
  /** Empty or absent: all namespaces. */
  readonly ns?: string;
  readonly q?: string;
  readonly status?: string;
}

export type DetailTab = 'summary' | 'yaml' | 'logs' | 'events';

/** Every address of the dashboard is made here and nowhere else. */
export const pages = {
  signIn: (to?: string): string => `/sign-in${query({ to })}`,
  overview: (cluster: string, state: Pick<ListPageState, 'ns'> = {}): string =>
    `/c/${encodeURIComponent(cluster)}${query({ ns: state.ns })}`,
  kinds: (cluster: string, state: Pick<ListPageState, 'ns'> = {}): string =>
    `/c/${encodeURIComponent(cluster)}/kinds${query({ ns: state.ns })}`,
  list: (cluster: string, resource: Pick<Resource, 'group' | 'resource'>, state: ListPageState = {}): string =>
    `/c/${encodeURIComponent(cluster)}/${resourceId(resource)}${query({ ...state })}`,
  detail: (
    cluster: string,
    resource: Pick<Resource, 'group' | 'resource'>,
    ref: ObjectRef,
    state: { readonly tab?: DetailTab; readonly container?: string; readonly ns?: string } = {},
  ): string => {
    const key = [ref.namespace, ref.name].filter(Boolean).map(encodeURIComponent).join('/');
    const tab = state.tab === 'summary' ? undefined : state.tab;
    return `/c/${encodeURIComponent(cluster)}/${resourceId(resource)}/${key}${query({ ...state, tab })}`;
  },
} as const;

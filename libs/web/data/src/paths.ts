import { clusterPrefix } from '@binnacle/machinery-meta';
import type { ObjectRef, Resource, ResourcePath, UnstructuredObject } from './resources.js';
import { resourceId } from './resources.js';

function query(params: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const entries = Object.entries(params).filter(([, value]) => value !== undefined && value !== '' && value !== false);
  if (entries.length === 0) return '';
  return `?${new URLSearchParams(entries.map(([name, value]) => [name, String(value)]))}`;
}

export interface ApiTarget extends ResourcePath {
  readonly cluster: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Where an object of a kind is in the API. */
export function apiTarget(cluster: string, resource: Resource, object: UnstructuredObject): ApiTarget {
  const { group, version } = resource;
  const { namespace, name = '' } = object.metadata;
  return { cluster, group, version, resource: resource.resource, name, ...(namespace && { namespace }) };
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

export interface ListPageState {
  /** Empty or absent: all namespaces. */
  readonly ns?: string;
  readonly q?: string;
  readonly status?: string;
}

/** What the page "who can" asks. */
export interface WhoCanState {
  readonly verb?: string;
  /** The kind's id. */
  readonly kind?: string;
  readonly subresource?: string;
  readonly in?: string;
  readonly name?: string;
  /** The namespace that is chosen for lists. */
  readonly ns?: string;
}

/** Whom the page "what may … do" asks about, and where. */
export interface MayDoState {
  readonly user?: string;
  readonly group?: string;
  readonly in?: string;
  readonly ns?: string;
}

/** Who asks whom, on the page of who reaches whom. */
export interface ReachabilityState {
  readonly fromKind?: string;
  readonly fromIn?: string;
  readonly from?: string;
  readonly toKind?: string;
  readonly toIn?: string;
  readonly to?: string;
  readonly port?: string;
  readonly protocol?: string;
  readonly ns?: string;
}

export type DetailTab = 'summary' | 'yaml' | 'logs' | 'events' | 'blame';

/** Every address of the dashboard is made here and nowhere else. */
export const pages = {
  signIn: (to?: string): string => `/sign-in${query({ to })}`,
  overview: (cluster: string, state: Pick<ListPageState, 'ns'> = {}): string =>
    `/c/${encodeURIComponent(cluster)}${query({ ns: state.ns })}`,
  kinds: (cluster: string, state: Pick<ListPageState, 'ns'> = {}): string =>
    `/c/${encodeURIComponent(cluster)}/kinds${query({ ns: state.ns })}`,
  apply: (cluster: string, state: Pick<ListPageState, 'ns'> = {}): string =>
    `/c/${encodeURIComponent(cluster)}/apply${query({ ns: state.ns })}`,
  account: (cluster: string, state: Pick<ListPageState, 'ns'> = {}): string =>
    `/c/${encodeURIComponent(cluster)}/account${query({ ns: state.ns })}`,
  whoCan: (cluster: string, asked: WhoCanState = {}): string =>
    `/c/${encodeURIComponent(cluster)}/who-can${query({ ...asked })}`,
  mayDo: (cluster: string, asked: MayDoState = {}): string =>
    `/c/${encodeURIComponent(cluster)}/may-do${query({ ...asked })}`,
  reachability: (cluster: string, asked: ReachabilityState = {}): string =>
    `/c/${encodeURIComponent(cluster)}/reachability${query({ ...asked })}`,
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

/** What an address of the dashboard shows; the cluster apart. */
export type Place =
  | { readonly page: 'overview' }
  | { readonly page: 'kinds' }
  | { readonly page: 'apply' }
  | { readonly page: 'account' }
  | { readonly page: 'who-can' }
  | { readonly page: 'may-do' }
  | { readonly page: 'reachability' }
  | { readonly page: 'list'; readonly id: string }
  | { readonly page: 'detail'; readonly id: string; readonly ref: ObjectRef }
  | { readonly page: 'none' };

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // Not an address of ours: it names nothing.
    return part;
  }
}

const OWN_PAGES = ['kinds', 'apply', 'account', 'who-can', 'may-do', 'reachability'] as const;
const isOwnPage = (id: string): id is (typeof OWN_PAGES)[number] => (OWN_PAGES as readonly string[]).includes(id);

/** Reads an address that `pages` has made. */
export function readPlace(pathname: string): Place {
  const [prefix, , id, ...key] = pathname.split('/').filter(Boolean).map(decoded);
  const [first, second, ...rest] = key;
  if (prefix !== 'c' || rest.length > 0) return { page: 'none' };
  if (id === undefined) return { page: 'overview' };
  if (first === undefined) return isOwnPage(id) ? { page: id } : { page: 'list', id };
  const ref = second === undefined ? { namespace: '', name: first } : { namespace: first, name: second };
  return { page: 'detail', id, ref };
}

import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { parseFieldSelector } from '@binnacle/machinery-selectors';
import { parseClusterAt } from '@binnacle/server-storage';
import { booleanParameter } from './parameters.js';

/** What a request is about, read from its method and path alone. Behaves as kubernetes apiserver RequestInfoFactory. */
export interface RequestInfo {
  /** Of the past, followed by `@` and the moment. */
  readonly cluster: string;
  /** The path below the logical cluster's root, with its leading slash. */
  readonly path: string;
  /** `get`, `list`, `watch`, `create`, …; the lower-case method where the path is no resource's. */
  readonly verb: string;
  readonly resource?: ResourceInfo;
}

export interface ResourceInfo {
  readonly group: string;
  readonly version: string;
  /** Plural name. */
  readonly resource: string;
  readonly subresource: string;
  /** Empty for cluster-scoped requests and for lists across all namespaces. */
  readonly namespace: string;
  /** Empty where the request is about a collection. */
  readonly name: string;
  /** What follows the subresource, for proxies. */
  readonly rest: string;
}

/** They go on for as long as their client likes, and so hold no seat and have no deadline. */
export const RUNNING_SUBRESOURCES: ReadonlySet<string> = new Set(['attach', 'exec', 'log', 'portforward', 'proxy']);

const WRITE_VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };
const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];

function splitCluster(path: string): { cluster: string; path: string } {
  const match = /^\/clusters\/([^/]+)(\/.*)?$/.exec(path);
  if (!match) return { cluster: DEFAULT_CLUSTER, path };
  const cluster = decodeURIComponent(match[1] ?? '');
  parseClusterAt(cluster);
  return { cluster, path: match[2] ?? '/' };
}

function verbOf(method: string, name: string, watches: boolean): string {
  if (method === 'GET' || method === 'HEAD') {
    if (watches) return 'watch';
    return name ? 'get' : 'list';
  }
  if (method === 'DELETE') return name ? 'delete' : 'deletecollection';
  return WRITE_VERBS[method] ?? method.toLowerCase();
}

function groupVersionOf(parts: string[]): { group: string; version: string; rest: string[] } | undefined {
  const [root, first, second] = parts;
  if (root === 'api' && first) return { group: '', version: first, rest: parts.slice(2) };
  if (root === 'apis' && first && second) return { group: first, version: second, rest: parts.slice(3) };
  return undefined;
}

function splitNamespace(parts: string[]): { namespace: string; parts: string[] } {
  const [root, namespace = '', next] = parts;
  if (root !== 'namespaces' || !namespace) return { namespace: '', parts };
  if (next === undefined || NAMESPACE_SUBRESOURCES.includes(next)) return { namespace, parts };
  return { namespace, parts: parts.slice(2) };
}

/**
 * The name a list is narrowed to by `fieldSelector=metadata.name=x`, for authorization. It is read as the list itself reads it:
 * who may see one object must not see others by writing a selector that two readers understand differently.
 */
function selectedName(query: URLSearchParams): string {
  const text = query.get('fieldSelector');
  if (!text) return '';
  try {
    return parseFieldSelector(text).exactValue('metadata.name') ?? '';
  } catch {
    // The list will be refused.
    return '';
  }
}

function resourceOf(parts: string[]): { resource: ResourceInfo; legacyWatch: boolean } | undefined {
  const target = groupVersionOf(parts);
  const legacyWatch = target?.rest[0] === 'watch';
  if (!target || target.rest.length === (legacyWatch ? 1 : 0)) return undefined;
  const place = splitNamespace(legacyWatch ? target.rest.slice(1) : target.rest);
  const [resource = '', name = '', subresource = '', ...rest] = place.parts;
  const { group, version } = target;
  const base = { group, version, resource, name, subresource, rest: rest.join('/') };
  return { resource: { ...base, namespace: place.namespace }, legacyWatch };
}

/** The stream of all clusters goes on as a watch does. */
function pathVerb(method: string, path: string, query: URLSearchParams): string {
  const watches = method === 'GET' && path === '/clusters' && booleanParameter(query, 'watch');
  return watches ? 'watch' : method.toLowerCase();
}

/** Splits a request; `path` is the raw path of the URL, without its query. Throws for a moment of a cluster that is none. */
export function parseRequestInfo(method: string, rawPath: string, query: URLSearchParams): RequestInfo {
  const { cluster, path } = splitCluster(rawPath);
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  const found = resourceOf(parts);
  if (!found) return { cluster, path, verb: pathVerb(method, path, query) };
  const { resource, legacyWatch } = found;
  // One object is not watched by a parameter, but read.
  const watches = legacyWatch || (!resource.name && (booleanParameter(query, 'watch') ?? false));
  const verb = verbOf(method, resource.name, watches);
  const collection = !resource.name && (verb === 'list' || verb === 'watch');
  // By the old paths of watches nobody is given more for naming one object.
  if (!collection || legacyWatch) return { cluster, path, verb, resource };
  return { cluster, path, verb, resource: { ...resource, name: selectedName(query) } };
}

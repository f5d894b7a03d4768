/** What a request is about, read from its method and path alone. Behaves as kubernetes apiserver RequestInfoFactory. */
export interface RequestInfo {
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

export const DEFAULT_CLUSTER = 'main';

const WRITE_VERBS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch' };
const NAMESPACE_SUBRESOURCES = ['status', 'finalize'];

function splitCluster(path: string): { cluster: string; path: string } {
  const match = /^\/clusters\/([^/]+)(\/.*)?$/.exec(path);
  if (!match) return { cluster: DEFAULT_CLUSTER, path };
  return { cluster: decodeURIComponent(match[1] ?? ''), path: match[2] ?? '/' };
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

/** The name a list is narrowed to by `fieldSelector=metadata.name=x`, for authorization. */
function selectedName(query: URLSearchParams): string {
  return /(?:^|,)metadata\.name==?([^,=!]+)(?:,|$)/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '';
}

const isTrue = (value: string | null): boolean =>
  value !== null && ['true', '1', 't', ''].includes(value.toLowerCase());

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

/** Splits a request; `path` is the raw path of the URL, without its query. */
export function parseRequestInfo(method: string, rawPath: string, query: URLSearchParams): RequestInfo {
  const { cluster, path } = splitCluster(rawPath);
  const parts = path.split('/').filter(Boolean).map(decodeURIComponent);
  const found = resourceOf(parts);
  if (!found) return { cluster, path, verb: method.toLowerCase() };
  const { resource, legacyWatch } = found;
  const watches = legacyWatch || (isTrue(query.get('watch')) && !resource.subresource);
  const verb = verbOf(method, resource.name, watches);
  const collection = !resource.name && (verb === 'list' || verb === 'watch');
  if (!collection) return { cluster, path, verb, resource };
  return { cluster, path, verb, resource: { ...resource, name: selectedName(query) } };
}

import type { BackendReference, CorsFilter, HeaderFilter, PathModifier, RouteFilter } from '@binnacle/apis-gateway';
import type { CorsPolicy, HeaderChanges, Mirror, RoutePolicy } from '../table/policy.js';
import { bytesOf } from '../table/request-target.js';
import type { PathChange, Redirect, Target } from '../table/route.js';
import type { References } from './references.js';

/** What the filters of a rule or of a backend come to. */
export interface ReadFilters {
  readonly policy: Partial<RoutePolicy>;
  readonly redirect?: Redirect;
  /** A filter that cannot be done: a request that it were left out of is not to be answered. */
  readonly unknown?: string;
}

const FOUND = 302;
const DEFAULT_MAX_AGE = 5;

const pairs = (list: HeaderFilter['set'] = []) => list.map(({ name, value }) => [name.toLowerCase(), value] as const);

const changesOf = ({ set, add, remove = [] }: HeaderFilter): HeaderChanges => ({
  set: pairs(set),
  add: pairs(add),
  remove: remove.map((name) => name.toLowerCase()),
});

function pathChange(path: PathModifier | undefined): PathChange | undefined {
  if (path?.type === 'ReplaceFullPath') return { kind: 'full', path: bytesOf(path.replaceFullPath ?? '/') };
  if (path?.type === 'ReplacePrefixMatch') return { kind: 'prefix', path: bytesOf(path.replacePrefixMatch ?? '') };
  return undefined;
}

function redirectOf({
  scheme,
  hostname,
  port,
  path,
  statusCode = FOUND,
}: NonNullable<RouteFilter['requestRedirect']>): Redirect {
  const changed = pathChange(path);
  return {
    kind: 'redirect',
    status: statusCode,
    ...(scheme !== undefined && { scheme }),
    ...(hostname !== undefined && { host: hostname }),
    ...(port !== undefined && { port }),
    ...(changed && { path: changed }),
  };
}

function corsOf(filter: CorsFilter): CorsPolicy {
  const { allowOrigins = [], allowMethods = [], allowHeaders = [], exposeHeaders = [] } = filter;
  return {
    origins: allowOrigins,
    depth: 'any',
    echoes: true,
    methods: allowMethods.join(', '),
    headers: allowHeaders.join(', '),
    ...(exposeHeaders.length > 0 && { exposed: exposeHeaders.join(', ') }),
    credentials: filter.allowCredentials ?? false,
    maxAge: filter.maxAge ?? DEFAULT_MAX_AGE,
  };
}

function mirrorOf(mirror: NonNullable<RouteFilter['requestMirror']>, references: References): Mirror | undefined {
  const referred = references.backend(mirror.backendRef);
  if ('refused' in referred) return undefined;
  const { percent, fraction } = mirror;
  if (fraction) return { backend: referred.id, part: fraction.numerator, of: fraction.denominator ?? 100 };
  return { backend: referred.id, part: percent ?? 100, of: 100 };
}

/** Collects filters in their order. */
class FilterReader {
  private readonly requestHeaders: HeaderChanges[] = [];
  private readonly responseHeaders: HeaderChanges[] = [];
  private readonly mirrors: Mirror[] = [];
  private policy: Partial<RoutePolicy> = {};
  private redirect: Redirect | undefined;
  private unknown: string | undefined;

  constructor(private readonly references: References) {}

  read(filters: readonly RouteFilter[]): ReadFilters {
    for (const filter of filters) this.add(filter);
    const { requestHeaders, responseHeaders, mirrors, redirect, unknown } = this;
    const policy = {
      ...this.policy,
      ...(requestHeaders.length > 0 && { requestHeaders }),
      ...(responseHeaders.length > 0 && { responseHeaders }),
      ...(mirrors.length > 0 && { mirrors }),
    };
    return { policy, ...(redirect && { redirect }), ...(unknown !== undefined && { unknown }) };
  }

  private add(filter: RouteFilter): void {
    if (filter.requestHeaderModifier) this.requestHeaders.push(changesOf(filter.requestHeaderModifier));
    else if (filter.responseHeaderModifier) this.responseHeaders.push(changesOf(filter.responseHeaderModifier));
    else if (filter.requestRedirect) this.redirect = redirectOf(filter.requestRedirect);
    else if (filter.urlRewrite) this.rewrite(filter.urlRewrite);
    else if (filter.requestMirror) this.mirror(filter.requestMirror);
    else if (filter.cors) this.policy = { ...this.policy, cors: corsOf(filter.cors) };
    else this.unknown ??= `the filter ${filter.type} is not known here`;
  }

  private rewrite({ hostname, path }: NonNullable<RouteFilter['urlRewrite']>): void {
    const rewrite = pathChange(path);
    this.policy = {
      ...this.policy,
      ...(hostname !== undefined && { upstreamHost: hostname }),
      ...(rewrite && { rewrite }),
    };
  }

  private mirror(filter: NonNullable<RouteFilter['requestMirror']>): void {
    const mirror = mirrorOf(filter, this.references);
    if (mirror) this.mirrors.push(mirror);
  }
}

export function readFilters(filters: readonly RouteFilter[] | undefined, references: References): ReadFilters {
  return new FilterReader(references).read(filters ?? []);
}

const NO_BACKEND = 500;

/** A target of a rule: a backend, or an error in its place for its part of the requests. */
export function targetOf(reference: BackendReference, references: References): Target {
  const { weight = 1, filters } = reference;
  const referred = references.backend(reference);
  if ('refused' in referred) return { weight, status: NO_BACKEND, words: referred.refused.message };
  const { policy, unknown } = readFilters(filters, references);
  if (unknown !== undefined) return { weight, status: NO_BACKEND, words: unknown };
  return { weight, backend: referred.id, ...(Object.keys(policy).length > 0 && { policy }) };
}

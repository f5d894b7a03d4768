import type {
  BackendReference,
  GRPCRoute,
  GRPCRouteMatch,
  HTTPRoute,
  HTTPRouteMatch,
  NamedMatch,
  RouteFilter,
} from '@binnacle/apis-gateway';
import { linearRegex } from '../table/linear-regex.js';
import { DEFAULT_POLICY, type RoutePolicy, type Timeouts } from '../table/policy.js';
import { bytesOf } from '../table/request-target.js';
import type { Action, Conditions, PathMatch, Route, RouteOrigin, ValueMatch } from '../table/route.js';
import { durationOf } from './duration.js';
import { readFilters, targetOf } from './filters.js';
import type { References } from './references.js';

/** One match of one rule of a route, for all its hosts. */
export interface Rule {
  readonly path: PathMatch;
  readonly conditions?: Conditions;
  readonly policy: RoutePolicy;
  readonly action: Action;
}

const NO_BACKEND = 500;
const EVERY_PATH: PathMatch = { kind: 'prefix', path: '' };

function valueOf({ type = 'Exact', value }: NamedMatch): ValueMatch {
  return type === 'Exact' ? { kind: 'exact', value } : { kind: 'regex', regex: linearRegex(`^(?:${value})$`) };
}

/** Of one name only the first counts. */
function named(matches: readonly NamedMatch[] | undefined, name: (text: string) => string) {
  const values = new Map<string, ValueMatch>();
  for (const match of matches ?? []) if (!values.has(name(match.name))) values.set(name(match.name), valueOf(match));
  return [...values];
}

const lower = (text: string): string => text.toLowerCase();
const asItIs = (text: string): string => text;

function conditionsOf({ method, headers, queryParams }: Omit<HTTPRouteMatch, 'path'>): Conditions | undefined {
  if (method === undefined && !headers?.length && !queryParams?.length) return undefined;
  return {
    ...(method !== undefined && { method }),
    ...(headers?.length && { headers: named(headers, lower) }),
    ...(queryParams?.length && { query: named(queryParams, asItIs) }),
  };
}

function httpPath({ type = 'PathPrefix', value = '/' }: NonNullable<HTTPRouteMatch['path']> = {}): PathMatch {
  const path = bytesOf(value);
  if (type === 'Exact') return { kind: 'exact', path };
  if (type === 'PathPrefix') return { kind: 'prefix', path: path.replace(/\/$/, '') };
  return { kind: 'regex', path, regex: linearRegex(`^(?:${path})$`) };
}

/** A call's path is `/<service>/<method>`. */
function callPath({ type = 'Exact', service, method }: NonNullable<GRPCRouteMatch['method']> = {}): PathMatch {
  if (service === undefined && method === undefined) return EVERY_PATH;
  if (type === 'Exact' && service !== undefined)
    return method === undefined
      ? { kind: 'prefix', path: `/${service}` }
      : { kind: 'exact', path: `/${service}/${method}` };
  const text = `/${type === 'Exact' ? '[^/]+' : (service ?? '[^/]+')}/${method ?? '[^/]+'}`;
  return { kind: 'regex', path: text, regex: linearRegex(`^${text}$`) };
}

function timeoutsOf({ request, backendRequest }: { request?: string; backendRequest?: string } = {}): Timeouts {
  const { timeouts } = DEFAULT_POLICY;
  return {
    ...timeouts,
    whole: durationOf(request ?? '') ?? timeouts.whole,
    attempt: durationOf(backendRequest ?? '') ?? timeouts.attempt,
  };
}

interface AnyRule {
  readonly filters?: RouteFilter[];
  readonly backendRefs?: BackendReference[];
  readonly timeouts?: { request?: string; backendRequest?: string };
}

/** Bodies are as large as they like: nothing in the Gateway API bounds them. */
const POLICY: RoutePolicy = { ...DEFAULT_POLICY, bodyLimit: 0 };

function effectOf(rule: AnyRule, references: References): Pick<Rule, 'policy' | 'action'> {
  const { policy: filtered, redirect, unknown } = readFilters(rule.filters, references);
  const policy = { ...POLICY, ...filtered, timeouts: timeoutsOf(rule.timeouts) };
  const targets = (rule.backendRefs ?? []).map((reference) => targetOf(reference, references));
  if (unknown !== undefined) return { policy, action: { kind: 'refuse', status: NO_BACKEND, words: unknown } };
  if (redirect) return { policy, action: redirect };
  const none: Action = { kind: 'refuse', status: NO_BACKEND, words: 'the rule has no backend' };
  return { policy, action: targets.length > 0 ? { kind: 'forward', targets, canaries: [] } : none };
}

/** What an HTTPRoute asks for. @throws Error in words where a pattern cannot be read. */
export function httpRules({ spec }: HTTPRoute, references: References): Rule[] {
  const rules = spec.rules ?? [{}];
  return rules.flatMap((rule) => {
    const effect = effectOf(rule, references);
    const matches = rule.matches?.length ? rule.matches : [{}];
    return matches.map(({ path, ...others }: HTTPRouteMatch) => ruleOf(httpPath(path), conditionsOf(others), effect));
  });
}

/** What a GRPCRoute asks for. @throws Error in words where a pattern cannot be read. */
export function grpcRules({ spec }: GRPCRoute, references: References): Rule[] {
  const rules = spec.rules ?? [{}];
  return rules.flatMap((rule) => {
    const effect = effectOf(rule, references);
    const matches = rule.matches?.length ? rule.matches : [{}];
    return matches.map(({ method, headers }: GRPCRouteMatch) =>
      ruleOf(callPath(method), conditionsOf({ ...(headers && { headers }) }), effect),
    );
  });
}

function ruleOf(path: PathMatch, conditions: Conditions | undefined, effect: Pick<Rule, 'policy' | 'action'>): Rule {
  return { path, ...(conditions && { conditions }), ...effect };
}

/** A rule as the route of one host. */
export function routeOf(rule: Rule, origin: Omit<RouteOrigin, 'path'>): Route {
  return { ...rule, origin: { ...origin, path: rule.path.path || '/' } };
}

const conditionCounts = ({ conditions }: Route): readonly number[] => [
  conditions?.method === undefined ? 0 : 1,
  conditions?.headers?.length ?? 0,
  conditions?.query?.length ?? 0,
];

/** The more a rule asks for the earlier it counts: a method, then headers, then parameters. Of two alike the order stays. */
export function bySpecificity(a: Route, b: Route): number {
  const [first, second] = [conditionCounts(a), conditionCounts(b)];
  const at = first.findIndex((count, index) => count !== second[index]);
  return at < 0 ? 0 : (second[at] ?? 0) - (first[at] ?? 0);
}

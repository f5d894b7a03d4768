import type { RequestFacts } from '../table/conditions.js';
import { linearRegex } from '../table/linear-regex.js';
import { DEFAULT_POLICY, type RoutePolicy } from '../table/policy.js';
import { normalPath } from '../table/request-target.js';
import type { Action, Conditions, PathMatch, Route } from '../table/route.js';

/** `= /a` is exact, `~ /a` a pattern, all else a prefix. */
export function pathMatch(text: string): PathMatch {
  const [kind = '', path = ''] = text.startsWith('/') ? ['', text] : text.split(' ');
  if (kind === '=') return { kind: 'exact', path };
  if (kind === '~') return { kind: 'regex', path, regex: linearRegex(`^${path}`, { ignoreCase: true }) };
  return { kind: 'prefix', path: path.replace(/\/$/, '') };
}

interface RouteParts {
  readonly conditions?: Conditions;
  readonly policy?: Partial<RoutePolicy>;
  readonly action?: Action;
}

/** A route that is told by its name. */
export function route(name: string, path: string, { conditions, policy, action }: RouteParts = {}): Route {
  return {
    origin: { kind: 'Ingress', namespace: 'default', name, host: '', path },
    path: pathMatch(path),
    ...(conditions && { conditions }),
    policy: { ...DEFAULT_POLICY, ...policy },
    action: action ?? { kind: 'refuse', status: 503, words: name },
  };
}

interface Facts {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly serverName?: string;
}

/** A request for `path?query`. */
export function facts(target: string, { method = 'GET', headers = {}, serverName = '' }: Facts = {}): RequestFacts {
  const [path = '', query = ''] = target.split('?');
  const parameters = new URLSearchParams(query);
  return {
    method,
    serverName,
    path: normalPath(path) ?? '',
    header: (name) => headers[name],
    query: (name) => parameters.get(name) ?? undefined,
  };
}

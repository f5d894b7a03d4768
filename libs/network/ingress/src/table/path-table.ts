import { conditionsHold, type RequestFacts } from './conditions.js';
import type { Route } from './route.js';

/** A route that a request fits, and what the groups of its pattern caught; the whole match first. */
export interface Match {
  readonly route: Route;
  readonly groups: readonly string[];
}

interface RegexRoute {
  readonly route: Route;
  readonly length: number;
}

/** Steps that all patterns together may take for one request: some tens of milliseconds. */
const MOST_STEPS = 200_000;
const NO_GROUPS: readonly string[] = [];

function group(routes: readonly Route[], kind: Route['path']['kind']): Map<string, Route[]> {
  const found = new Map<string, Route[]>();
  for (const route of routes) {
    if (route.path.kind !== kind) continue;
    const known = found.get(route.path.path);
    if (known) known.push(route);
    else found.set(route.path.path, [route]);
  }
  return found;
}

/** `/a/b`, `/a` and `` of `/a/b/`: what a prefix may be, the longest first. */
function* prefixesOf(path: string): Generator<string> {
  let end = path.length;
  if (path.endsWith('/')) end -= 1;
  for (; end > 0; end = path.lastIndexOf('/', end - 1)) yield path.slice(0, end);
  yield '';
}

/**
 * The routes of one host: an exact path before all others, then the longest prefix or pattern. Among those of one path the first
 * whose conditions hold.
 */
export class PathTable {
  private readonly exact: ReadonlyMap<string, readonly Route[]>;
  private readonly prefixes: ReadonlyMap<string, readonly Route[]>;
  private readonly regexes: readonly RegexRoute[];

  /** The routes in the order in which they count where nothing else decides. */
  constructor(routes: readonly Route[]) {
    this.exact = group(routes, 'exact');
    this.prefixes = group(routes, 'prefix');
    this.regexes = routes
      .filter(({ path }) => path.kind === 'regex')
      .map((route) => ({ route, length: route.path.path.length }))
      .sort((a, b) => b.length - a.length);
  }

  find(request: RequestFacts): Match | undefined {
    const exact = firstThatHolds(this.exact.get(request.path), request);
    if (exact) return { route: exact, groups: NO_GROUPS };
    return this.regexes.length === 0 ? this.byPrefix(request) : this.byLength(request);
  }

  private byPrefix(request: RequestFacts): Match | undefined {
    for (const prefix of prefixesOf(request.path)) {
      const route = firstThatHolds(this.prefixes.get(prefix), request);
      if (route) return { route, groups: [prefix] };
    }
    return undefined;
  }

  private byLength(request: RequestFacts): Match | undefined {
    const patterns = new PatternTrial(this.regexes, request);
    for (const prefix of prefixesOf(request.path)) {
      const longer = patterns.next(prefix.length);
      if (longer) return longer;
      const route = firstThatHolds(this.prefixes.get(prefix), request);
      if (route) return { route, groups: [prefix] };
    }
    return patterns.next(-1);
  }
}

function firstThatHolds(routes: readonly Route[] | undefined, request: RequestFacts): Route | undefined {
  return routes?.find(({ conditions }) => conditionsHold(conditions, request));
}

/** Tries the patterns of a host in their order, as long as a request may cost. */
class PatternTrial {
  private at = 0;
  private steps = MOST_STEPS;

  constructor(
    private readonly regexes: readonly RegexRoute[],
    private readonly request: RequestFacts,
  ) {}

  /** The first match among those that are longer than `length` and have not been tried. */
  next(length: number): Match | undefined {
    for (let one = this.regexes[this.at]; one && one.length > length; one = this.regexes[this.at]) {
      this.at += 1;
      const match = this.attempt(one.route);
      if (match) return match;
    }
    return undefined;
  }

  private attempt(route: Route): Match | undefined {
    const { path, conditions } = route;
    if (path.kind !== 'regex' || !conditionsHold(conditions, this.request)) return undefined;
    this.steps -= path.regex.size * (this.request.path.length + 1);
    if (this.steps < 0) throw new TooMuchToMatch();
    const groups = path.regex.match(this.request.path);
    return groups && { route, groups };
  }
}

/** A path so long that the patterns of its host would take too much of everybody's time. */
export class TooMuchToMatch extends Error {
  constructor() {
    super('the path is too long for the patterns of this host');
  }
}

import type { BlockList } from 'node:net';
import { isIPv6 } from 'node:net';
import type { Match } from '../table/path-table.js';
import type { CorsPolicy, RoutePolicy } from '../table/policy.js';
import type { Redirect } from '../table/route.js';
import type { Arrival } from './arrival.js';
import { corsHeaders, isPreflight } from './cors.js';
import { changedPath } from './rewriting.js';

/** An answer that needs nobody else. */
export interface OwnAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly words: string;
}

const DEFAULT_PORTS = { http: 80, https: 443 };

const refusal = (status: number, words: string): OwnAnswer => ({ status, headers: [], words });

function redirectTo(status: number, location: string): OwnAnswer {
  return { status, headers: [['location', location]], words: '' };
}

const isWithin = (ranges: BlockList, client: string): boolean => ranges.check(client, isIPv6(client) ? 'ipv6' : 'ipv4');

/** Why somebody may not ask; undefined where they may. */
function keptOut({ sources, deniedSources }: RoutePolicy, client: string): OwnAnswer | undefined {
  const isOut = (sources && !isWithin(sources, client)) || (deniedSources && isWithin(deniedSources, client));
  return isOut ? refusal(403, 'this address may not ask here') : undefined;
}

function preflight(cors: CorsPolicy, arrival: Arrival): OwnAnswer {
  const { set, add } = corsHeaders(cors, arrival);
  return { status: 204, headers: [...set, ...add], words: '' };
}

/** The port as a URL has it: none where it is the usual one. */
function portText(scheme: 'http' | 'https', port: number): string {
  return port === DEFAULT_PORTS[scheme] ? '' : `:${port}`;
}

/** What is asked for, over TLS. */
function asHttps({ host, target, door }: Arrival): string {
  return `https://${host}${portText('https', door.securePort)}${target.rawPath}${target.query}`;
}

/** Where a redirect leads: what was asked for, with what differs. */
export function locationOf(redirect: Redirect, arrival: Arrival, match: Match): string {
  if (redirect.location !== undefined) return redirect.location;
  const own = arrival.door.secure ? 'https' : 'http';
  const scheme = (redirect.scheme as 'http' | 'https' | undefined) ?? own;
  const port = redirect.port ?? (redirect.scheme === undefined ? arrival.door.port : DEFAULT_PORTS[scheme]);
  const path = redirect.path ? changedPath(redirect.path, arrival, match) : arrival.target.rawPath;
  return `${scheme}://${redirect.host ?? arrival.host}${portText(scheme, port)}${path}${arrival.target.query}`;
}

/** Where else to ask; undefined where it is here. */
function elsewhere(arrival: Arrival, match: Match): OwnAnswer | undefined {
  const { policy, action } = match.route;
  if (policy.httpsRedirect !== undefined && !arrival.door.secure)
    return redirectTo(policy.httpsRedirect, asHttps(arrival));
  if (policy.appRoot !== undefined && arrival.path === '/') return redirectTo(302, policy.appRoot);
  return action.kind === 'redirect' ? redirectTo(action.status, locationOf(action, arrival, match)) : undefined;
}

function tooLarge({ bodyLimit }: RoutePolicy, { bodyLength = 0 }: Arrival): OwnAnswer | undefined {
  if (bodyLimit === 0 || bodyLength <= bodyLimit) return undefined;
  return refusal(413, `the body is larger than ${bodyLimit} bytes`);
}

/**
 * What a route answers by itself: who may ask, where else to ask, what a browser may do, and how much. Undefined where a backend is
 * to be asked. In the order of ingress-nginx.
 */
export function ownAnswer(arrival: Arrival, match: Match): OwnAnswer | undefined {
  const { policy, action } = match.route;
  const first = keptOut(policy, arrival.client) ?? elsewhere(arrival, match);
  if (first) return first;
  if (policy.cors && isPreflight(arrival)) return preflight(policy.cors, arrival);
  return action.kind === 'refuse' ? refusal(action.status, action.words) : tooLarge(policy, arrival);
}

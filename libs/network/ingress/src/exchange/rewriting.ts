import type { Match } from '../table/path-table.js';
import { escapedPath } from '../table/request-target.js';
import type { PathChange } from '../table/route.js';
import type { Arrival } from './arrival.js';

const GROUP = /\$(\d)/g;

/** The part of a path behind what a rule matched: all of it where that was a prefix. */
function behind({ path }: Arrival, { route }: Match): string {
  return route.path.kind === 'prefix' ? path.slice(route.path.path.length) : '';
}

function joined(prefix: string, rest: string): string {
  if (rest === '') return prefix || '/';
  const start = prefix.endsWith('/') ? prefix.slice(0, -1) : prefix;
  return start + (rest.startsWith('/') ? rest : `/${rest}`);
}

function filled(template: string, { groups }: Match): string {
  const path = template.replace(GROUP, (_, digit: string) => groups[Number(digit)] ?? '');
  return path.startsWith('/') ? path : `/${path}`;
}

/** The path that a change makes of one, as it is sent; of bytes that were matched. */
export function changedPath(change: PathChange, arrival: Arrival, match: Match): string {
  if (change.kind === 'full') return escapedPath(change.path);
  if (change.kind === 'prefix') return escapedPath(joined(change.path, behind(arrival, match)));
  return escapedPath(filled(change.path, match));
}

/** Adds a query, to one that a target has of its own. */
function withQuery(path: string, query: string): string {
  return path.includes('?') && query !== '' ? `${path}&${query.slice(1)}` : path + query;
}

/** The path and query that a backend is asked for: as they came, where nobody wants them changed. */
export function upstreamTarget(change: PathChange | undefined, arrival: Arrival, match: Match): string {
  const { rawPath, query } = arrival.target;
  if (!change) return rawPath + query;
  if (change.kind !== 'template') return changedPath(change, arrival, match) + query;
  const [path = '', ...own] = change.path.split('?');
  const target = changedPath({ kind: 'template', path }, arrival, match);
  return withQuery(own.length > 0 ? `${target}?${own.join('?')}` : target, query);
}

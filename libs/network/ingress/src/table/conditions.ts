import type { Conditions, ValueMatch } from './route.js';

/** What of a request decides where it goes. */
export interface RequestFacts {
  readonly method: string;
  readonly path: string;
  /** The name that was asked for over TLS; empty where there was none. */
  readonly serverName: string;
  /** Lower case names; several of one name are one, with commas between. */
  header(name: string): string | undefined;
  /** The first of that name. */
  query(name: string): string | undefined;
}

export function valueFits(match: ValueMatch, value: string): boolean {
  return match.kind === 'exact' ? match.value === value : match.regex.match(value) !== undefined;
}

type Named = readonly (readonly [name: string, match: ValueMatch])[];

function allFit(wanted: Named | undefined, read: (name: string) => string | undefined): boolean {
  return (wanted ?? []).every(([name, match]) => {
    const value = read(name);
    return value !== undefined && valueFits(match, value);
  });
}

export function conditionsHold(conditions: Conditions | undefined, request: RequestFacts): boolean {
  if (!conditions) return true;
  const { method, headers, query } = conditions;
  if (method !== undefined && method !== request.method) return false;
  return allFit(headers, (name) => request.header(name)) && allFit(query, (name) => request.query(name));
}

import { newBadRequest, parseMoment } from '@binnacle/machinery-meta';
import { type Attributes, type Change, type ChangeFilter, type Scope, splitResource } from '@binnacle/server-storage';
import { CLUSTER_NAMESPACE, typeOfVerb, VERBS } from './change-object.js';

/** Which changes a list or watch is about. */
export interface ChangeQuery {
  readonly filter: ChangeFilter;
  /** Milliseconds since the epoch. */
  readonly since?: number;
  readonly until?: number;
  /** One change, by its revision. */
  readonly revision?: number;
  /** Nothing can be meant by it. */
  readonly isEmpty: boolean;
}

type Equal = Readonly<Record<string, string>>;

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const AGO = /^(\d{1,6})([smhd])$/;
const REVISION = /^[1-9]\d{0,14}$/;

/** The revision that is the name of a change; undefined for what can be none. */
export function revisionOfName(name: string): number | undefined {
  return REVISION.test(name) ? Number(name) : undefined;
}

/** A time, or how long ago: `2026-01-31T10:00:00Z`, `90m`. */
function timeOf(field: string, text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  const [, count, unit = ''] = AGO.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (UNITS[unit] ?? 0);
  const moment = parseMoment(text);
  if (moment && 'time' in moment) return moment.time;
  throw newBadRequest(
    `${field}=${text.slice(0, 100)}: neither a time such as 2026-01-31T10:00:00Z nor how long ago, such as 90m`,
  );
}

function namespacesOf({ namespace, namespaces }: Scope, own: string | undefined): readonly string[] | undefined {
  const asked = namespace === undefined ? namespaces && [...namespaces] : visibleOf(namespace, namespaces);
  const living = asked?.flatMap((one) => (one === CLUSTER_NAMESPACE ? [CLUSTER_NAMESPACE, ''] : [one]));
  if (own === undefined) return living;
  return living && !living.includes(own) ? [] : [own];
}

const visibleOf = (namespace: string, namespaces: Scope['namespaces']): readonly string[] =>
  !namespaces || namespaces.has(namespace) ? [namespace] : [];

function filterOf(scope: Scope, equal: Equal): ChangeFilter {
  const namespaces = namespacesOf(scope, equal['spec.namespace']);
  const type = typeOfVerb(equal['spec.verb'] ?? '');
  const [group, resource] = [equal['spec.group'], equal['spec.resource']];
  const [name, user] = [equal['spec.name'], equal['spec.user']];
  return {
    ...(group !== undefined && { group }),
    ...(resource !== undefined && { resource }),
    ...(namespaces && { namespaces }),
    ...(name !== undefined && { name }),
    ...(user !== undefined && { user }),
    ...(type && { type }),
  };
}

/** Reads what a scope of changes is narrowed to. Throws BadRequest for times that are none. */
export function changeQuery(scope: Scope, now: number): ChangeQuery {
  const equal = scope.equal ?? {};
  const filter = filterOf(scope, equal);
  const since = timeOf('since', equal.since, now);
  const until = timeOf('until', equal.until, now);
  const revision = scope.name === undefined ? undefined : revisionOfName(scope.name);
  const unknownVerb = equal['spec.verb'] !== undefined && !filter.type;
  const unknownName = scope.name !== undefined && revision === undefined;
  return {
    filter,
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
    ...(revision !== undefined && { revision }),
    isEmpty: unknownVerb || unknownName || filter.namespaces?.length === 0,
  };
}

/** Whether a time, in milliseconds since the epoch, is one of those a query is about. */
export function isWithin({ since, until }: Pick<ChangeQuery, 'since' | 'until'>, time: number): boolean {
  return (since === undefined || time >= since) && (until === undefined || time <= until);
}

/**
 * What a change is selected by. `since` and `until` say which part of the log is looked at, so all that is found there has
 * them as they were asked for.
 */
export function selectableFields({ type, object, actor }: Change, { since, until }: Equal): Attributes['fields'] {
  const { group, resource } = splitResource(object.key.resource);
  return {
    'spec.group': group,
    'spec.resource': resource,
    'spec.namespace': object.key.namespace,
    'spec.name': object.key.name,
    'spec.verb': VERBS[type],
    'spec.user': actor.user,
    'spec.userAgent': actor.client,
    'spec.requestID': actor.requestId ?? '',
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  };
}

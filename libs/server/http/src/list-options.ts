import { newBadRequest, newInvalid } from '@binnacle/machinery-meta';
import type { FieldError } from '@binnacle/machinery-validation';
import type { ListRevision } from '@binnacle/server-storage';

/** The query of a list or watch, as it was asked for. */
export interface ListOptionsQuery {
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly continue: string;
  /** 0 where there is none. */
  readonly limit: number;
  /** Undefined lets the server choose. */
  readonly timeoutSeconds?: number;
  readonly allowWatchBookmarks: boolean;
  readonly sendInitialEvents?: boolean;
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (/^-?\d+$/.test(text)) return Number(text);
  throw newBadRequest(
    `unable to decode query parameter ${name}: strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`,
  );
}

function boolean(query: URLSearchParams, name: string): boolean | undefined {
  const text = query.get(name);
  return text === null ? undefined : !['false', '0', 'f'].includes(text.toLowerCase());
}

/** Reads the options of a list or watch. Throws BadRequest for numbers that are none. */
export function readListOptions(query: URLSearchParams): ListOptionsQuery {
  const timeoutSeconds = integer(query, 'timeoutSeconds');
  const sendInitialEvents = boolean(query, 'sendInitialEvents');
  return {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    continue: query.get('continue') ?? '',
    limit: Math.max(0, integer(query, 'limit') ?? 0),
    allowWatchBookmarks: boolean(query, 'allowWatchBookmarks') ?? false,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(sendInitialEvents !== undefined && { sendInitialEvents }),
  };
}

const MATCHES = ['Exact', 'NotOlderThan'];

const forbidden = (field: string, why: string): FieldError => ({
  type: 'FieldValueForbidden',
  field,
  message: `Forbidden: ${why}`,
});

function unsupportedMatch(match: string, supported: readonly string[]): FieldError {
  const list = supported.map((value) => JSON.stringify(value)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(match)}: supported values: ${list}`;
  return { type: 'FieldValueNotSupported', field: 'resourceVersionMatch', message };
}

function checkMatch({ resourceVersion, resourceVersionMatch: match, ...rest }: ListOptionsQuery): FieldError[] {
  const errors: FieldError[] = [];
  const field = 'resourceVersionMatch';
  if (!match) return errors;
  if (rest.continue) errors.push(forbidden(field, 'resourceVersionMatch is forbidden when continue is provided'));
  if (!resourceVersion) {
    errors.push(forbidden(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
  }
  if (!MATCHES.includes(match)) errors.push(unsupportedMatch(match, [...MATCHES, '']));
  if (match === 'Exact' && resourceVersion === '0') {
    errors.push(forbidden(field, 'resourceVersionMatch "Exact" is forbidden for resourceVersion "0"'));
  }
  return errors;
}

function checkWatch(options: ListOptionsQuery): FieldError[] {
  const { sendInitialEvents, resourceVersionMatch: match } = options;
  const field = 'resourceVersionMatch';
  if (sendInitialEvents === undefined) {
    const why = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
    return match ? [forbidden(field, why)] : [];
  }
  if (!match) return [forbidden(field, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')];
  if (match !== 'NotOlderThan') return [unsupportedMatch(match, ['NotOlderThan'])];
  if (options.continue) return [forbidden(field, 'resourceVersionMatch is forbidden when continue is provided')];
  return [];
}

/** Refuses combinations that mean nothing. Behaves as apimachinery internalversion ValidateListOptions. */
export function checkListOptions(options: ListOptionsQuery, watches: boolean): void {
  const errors = watches ? checkWatch(options) : checkMatch(options);
  if (!watches && options.sendInitialEvents !== undefined) {
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'));
  }
  if (errors.length > 0) throw newInvalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}

/** A resourceVersion of a query as a number; 0 where there is none. Throws Invalid for anything else. */
export function parseResourceVersion(text: string): number {
  if (text === '') return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  const message = `Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  throw newInvalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [
    { type: 'FieldValueInvalid', field: 'resourceVersion', message },
  ]);
}

/** Which state a list asks for. */
export function listRevision(options: ListOptionsQuery): ListRevision {
  if (options.resourceVersion === '') return { at: 'latest' };
  const revision = parseResourceVersion(options.resourceVersion);
  if (revision === 0) return { at: 'any' };
  const exact = options.resourceVersionMatch === 'Exact';
  const legacyExact = options.resourceVersionMatch === '' && options.limit > 0;
  return exact || legacyExact ? { at: 'exact', revision } : { at: 'notOlderThan', revision };
}

/** Which state a get asks for. */
export function getRevision(query: URLSearchParams): ListRevision {
  const text = query.get('resourceVersion') ?? '';
  if (text === '') return { at: 'latest' };
  const revision = parseResourceVersion(text);
  if (revision === 0) return { at: 'any' };
  return query.get('resourceVersionMatch') === 'Exact' ? { at: 'exact', revision } : { at: 'notOlderThan', revision };
}

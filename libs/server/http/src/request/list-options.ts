import { newBadRequest, newInvalid, newUnclassifiedError } from '@binnacle/machinery-meta';
import { type FieldError, fieldPath, forbidden, invalid, notSupported } from '@binnacle/machinery-validation';
import type { ListRevision } from '@binnacle/server-storage';
import { booleanParameter, integerParameter } from './parameters.js';

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

/** Reads the options of a list or watch. Throws BadRequest for numbers that are none. */
export function readListOptions(query: URLSearchParams): ListOptionsQuery {
  const timeoutSeconds = integerParameter(query, 'timeoutSeconds');
  const sendInitialEvents = booleanParameter(query, 'sendInitialEvents');
  return {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    continue: query.get('continue') ?? '',
    limit: Math.max(0, integerParameter(query, 'limit') ?? 0),
    allowWatchBookmarks: booleanParameter(query, 'allowWatchBookmarks') ?? false,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(sendInitialEvents !== undefined && { sendInitialEvents }),
  };
}

const MATCHES = ['Exact', 'NotOlderThan'];

const MATCH = fieldPath('resourceVersionMatch');
const WITH_CONTINUE = 'resourceVersionMatch is forbidden when continue is provided';
const WITHOUT_VERSION = 'resourceVersionMatch is forbidden unless resourceVersion is provided';
const EXACTLY_ANY = 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"';
const WITHOUT_MATCH = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
const WITHOUT_EVENTS = 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';

function checkMatch({ resourceVersion, resourceVersionMatch: match, ...rest }: ListOptionsQuery): FieldError[] {
  if (!match) return [];
  return [
    ...(resourceVersion ? [] : [forbidden(MATCH, WITHOUT_VERSION)]),
    ...(rest.continue ? [forbidden(MATCH, WITH_CONTINUE)] : []),
    ...(MATCHES.includes(match) ? [] : [notSupported(MATCH, match, [...MATCHES, ''])]),
    ...(match === 'Exact' && resourceVersion === '0' ? [forbidden(MATCH, EXACTLY_ANY)] : []),
  ];
}

function checkWatch({ sendInitialEvents, resourceVersionMatch: match, ...rest }: ListOptionsQuery): FieldError[] {
  const asks = sendInitialEvents !== undefined;
  const fits = match === 'NotOlderThan';
  return [
    ...(asks && !fits ? [forbidden(MATCH, WITHOUT_MATCH)] : []),
    ...(match && !asks ? [forbidden(MATCH, WITHOUT_EVENTS)] : []),
    ...(match && !fits ? [notSupported(MATCH, match, ['NotOlderThan'])] : []),
    ...(match && rest.continue ? [forbidden(MATCH, WITH_CONTINUE)] : []),
  ];
}

/** Refuses combinations that mean nothing. Behaves as apimachinery internalversion ValidateListOptions. */
export function checkListOptions(options: ListOptionsQuery, watches: boolean): void {
  const errors = watches ? checkWatch(options) : checkMatch(options);
  if (!watches && options.sendInitialEvents !== undefined) {
    errors.push(forbidden(fieldPath('sendInitialEvents'), 'sendInitialEvents is forbidden for list'));
  }
  if (errors.length > 0) throw newInvalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}

/** A resourceVersion of a query as a number; 0 where there is none. Anything else upstream takes for a failure of its own. */
export function parseResourceVersion(text: string): number {
  if (text === '') return 0;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw newUnclassifiedError(whyNoVersion(text));
}

function whyNoVersion(text: string): string {
  const why = `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`;
  return `resourceVersion: ${invalid(fieldPath('resourceVersion'), text, why).message}`;
}

/** The same of a list, where it is the client's failure. */
function parseListVersion(text: string): number {
  if (text === '' || /^\d{1,15}$/.test(text)) return Number(text);
  throw newBadRequest(`invalid resource version: ${whyNoVersion(text)}`);
}

/** Which state a list asks for. */
export function listRevision(options: ListOptionsQuery): ListRevision {
  if (options.resourceVersion === '') return { at: 'latest' };
  const revision = parseListVersion(options.resourceVersion);
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

import type { FuzzAnswer } from '@binnacle/testing-fuzz';
import { equalJson } from '@binnacle/machinery-patch';
import { parseYaml } from '@binnacle/machinery-yaml';
import type { Json } from './case.js';
import { normalise, normaliseText } from './normalise.js';
import { bothAnswered, type Played } from './replay.js';

export type DifferenceKind =
  | 'no answer'
  | 'status code'
  | 'content type'
  | 'warnings'
  | 'reason'
  | 'message'
  | 'causes'
  | 'details'
  | 'managedFields'
  | 'body'
  | 'text';

/** One thing in which two answers differ. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** Where: a path with `[]` for every index, or what is told apart otherwise. */
  readonly at: string;
  readonly ours: unknown;
  readonly theirs: unknown;
}

const MOST = 12;
const ABSENT = '<absent>';

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where two JSON values differ. */
export function bodyDifferences(ours: unknown, theirs: unknown, at = ''): Difference[] {
  if (isObject(ours) && isObject(theirs)) {
    const keys = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])];
    return keys.flatMap((key) => memberDifferences(ours, theirs, key, at ? `${at}.${key}` : key));
  }
  if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length) {
    return ours.flatMap((item, index) => bodyDifferences(item, theirs[index], `${at}[]`));
  }
  if (JSON.stringify(ours) === JSON.stringify(theirs)) return [];
  return [{ kind: 'body', at, ours, theirs }];
}

function memberDifferences(ours: Json, theirs: Json, key: string, at: string): Difference[] {
  const [our, their] = [ours[key], theirs[key]];
  if (key === 'managedFields') {
    return equalJson(our ?? [], their ?? []) ? [] : [{ kind: 'managedFields', at, ours: our, theirs: their }];
  }
  if (our === undefined || their === undefined) {
    return [{ kind: 'body', at, ours: our === undefined ? ABSENT : our, theirs: their === undefined ? ABSENT : their }];
  }
  return bodyDifferences(our, their, at);
}

/** Only the first of several that have the same place. */
function firstOfEach(differences: readonly Difference[]): Difference[] {
  const places = new Map(differences.map((one) => [`${one.kind} ${one.at}`, one] as const).reverse());
  return [...places.values()].reverse().slice(0, MOST);
}

function statusDifferences(ours: Json, theirs: Json): Difference[] {
  const found: Difference[] = [];
  const check = (kind: DifferenceKind, our: unknown, their: unknown) => {
    if (JSON.stringify(our) !== JSON.stringify(their)) found.push({ kind, at: '', ours: our, theirs: their });
  };
  const { causes: ourCauses, ...ourDetails } = (ours.details ?? {}) as Json;
  const { causes: theirCauses, ...theirDetails } = (theirs.details ?? {}) as Json;
  check('reason', ours.reason, theirs.reason);
  check('message', ours.message, theirs.message);
  check('causes', once(ourCauses), once(theirCauses));
  check('details', sorted(ourDetails), sorted(theirDetails));
  return found;
}

/** Upstream looks at the metadata of most updates twice, and tells the same twice. */
const once = (causes: unknown): unknown =>
  Array.isArray(causes)
    ? [...new Set(causes.map((cause) => JSON.stringify(cause)))].map((text) => JSON.parse(text) as unknown)
    : causes;

const sorted = (value: Json): Json => Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));

/** One value; several for a stream of them. Undefined where it is neither JSON nor YAML. */
function valuesOf({ contentType, text }: FuzzAnswer, now: number): unknown[] | undefined {
  try {
    if (contentType.includes('yaml')) return [normalise(parseYaml(text).value, now)];
    if (!contentType.includes('json')) return undefined;
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => normalise(JSON.parse(line), now));
  } catch {
    try {
      return [normalise(JSON.parse(text), now)];
    } catch {
      return undefined;
    }
  }
}

function contentDifferences(ours: FuzzAnswer, theirs: FuzzAnswer, now: number): Difference[] {
  const [our, their] = [valuesOf(ours, now), valuesOf(theirs, now)];
  if (!our || !their) return textDifferences(ours, theirs, now);
  const [first, second] = [our[0], their[0]];
  if (ours.status >= 400 && isObject(first) && isObject(second)) return statusDifferences(first, second);
  const found = firstOfEach(our.length === 1 ? bodyDifferences(first, second) : bodyDifferences(our, their));
  return found.length > 0 || !ours.contentType.includes('yaml') ? found : textDifferences(ours, theirs, now);
}

function textDifferences(ours: FuzzAnswer, theirs: FuzzAnswer, now: number): Difference[] {
  const plain = (text: string) =>
    normaliseText(text, now)
      .replace(/(resourceVersion: )"\d+"/g, '$1<revision>')
      .trimEnd();
  const [our, their] = [plain(ours.text), plain(theirs.text)];
  return our === their ? [] : [{ kind: 'text', at: ours.contentType, ours: our, theirs: their }];
}

const warningsOf = ({ warnings = '' }: FuzzAnswer, now: number): string => normaliseText(warnings, now);

/** Everything in which the answers to one case differ; with other status codes nothing else is looked at. */
export function differencesOf(played: Played, now: number): Difference[] {
  if (!bothAnswered(played)) return failureDifferences(played);
  const { ours, theirs } = played;
  if (ours.status !== theirs.status) {
    const at = `${ours.status} instead of ${theirs.status}`;
    return [{ kind: 'status code', at, ours: ours.text.slice(0, 600), theirs: theirs.text.slice(0, 600) }];
  }
  const found = contentDifferences(ours, theirs, now);
  const type = [ours.contentType, theirs.contentType] as const;
  if (type[0] !== type[1]) found.push({ kind: 'content type', at: '', ours: type[0], theirs: type[1] });
  const [our, their] = [warningsOf(ours, now), warningsOf(theirs, now)];
  if (our !== their) found.push({ kind: 'warnings', at: '', ours: our, theirs: their });
  return found;
}

function failureDifferences({ ours, theirs }: Played): Difference[] {
  const told = (answer: Played['ours']) => ('failure' in answer ? answer.failure : `answered ${answer.status}`);
  return [{ kind: 'no answer', at: '', ours: told(ours), theirs: told(theirs) }];
}

import { newBadRequest, newInvalid } from '@binnacle/machinery-meta';
import { fieldPath, type FieldError, invalid, isDns1123Label } from '@binnacle/machinery-validation';
import type { ApiRequest } from '../request/api-request.js';

/** What is asked for of a new cluster. */
export interface NewCluster {
  readonly name: string;
  /** The cluster whose state it begins with, now or at a revision of the past. */
  readonly source?: { readonly cluster: string; readonly revision?: number };
}

export interface Retention {
  /** Milliseconds. */
  readonly age?: number;
  readonly bytes?: number;
}

const KIND = { group: 'clusters.binnacle.dev', kind: 'Cluster' };
/** Seconds, about 60 years: what the store can keep a number of. */
const LONGEST_AGE = 2 ** 31 - 1;

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function readBody({ body }: ApiRequest): Json {
  let value: unknown;
  try {
    value = JSON.parse((body ?? '').toString());
  } catch (error) {
    throw newBadRequest(`the body must be JSON: ${(error as Error).message}`);
  }
  if (!isObject(value)) throw newBadRequest('the body must be a JSON object');
  return value;
}

const partOf = (value: Json, name: string): Json => (isObject(value[name]) ? value[name] : {});

function refuse(name: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw newInvalid(KIND, name, errors);
}

function revisionOf(text: unknown): number | undefined {
  if (text === undefined) return undefined;
  const revision = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (revision >= 0) return revision;
  const path = fieldPath('spec', 'source', 'resourceVersion');
  throw newInvalid(KIND, '', [invalid(path, text, 'must be a number')]);
}

/** Reads `{ metadata: { name }, spec?: { source?: { cluster, resourceVersion? } } }`. Throws BadRequest or Invalid. */
export function readNewCluster(request: ApiRequest): NewCluster {
  const body = readBody(request);
  const { name } = partOf(body, 'metadata');
  const text = typeof name === 'string' ? name : '';
  const errors = isDns1123Label(text).map((why) => invalid(fieldPath('metadata', 'name'), text, why));
  refuse(text, errors);
  const { cluster, resourceVersion } = partOf(partOf(body, 'spec'), 'source');
  if (cluster === undefined) return { name: text };
  if (typeof cluster !== 'string') throw newBadRequest('spec.source.cluster must be the name of a cluster');
  const revision = revisionOf(resourceVersion);
  return { name: text, source: { cluster, ...(revision !== undefined && { revision }) } };
}

function limitOf(spec: Json, name: string, most: number): number | undefined {
  const value = spec[name];
  if (value === undefined || value === null) return undefined;
  const isGood = typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= most;
  if (!isGood) {
    const path = fieldPath('spec', 'retention', name);
    throw newInvalid(KIND, '', [invalid(path, value, `must be a whole number from 1 to ${most}`)]);
  }
  return value;
}

/** What of a cluster is changed. */
export interface ClusterChange {
  readonly retention?: Retention;
  /** Whether lists across namespaces hold what one may see, for who does not ask for that too. */
  readonly visibleLists?: boolean;
}

/**
 * Reads `{ spec: { retention?: { seconds?, bytes? }, visibleLists? } }`; what is missing or null of retention goes back to the
 * server's default. Throws BadRequest or Invalid.
 */
export function readClusterChange(request: ApiRequest): ClusterChange {
  const { retention, visibleLists } = partOf(readBody(request), 'spec');
  const keeps = retention !== undefined;
  if (!keeps && visibleLists === undefined)
    throw newBadRequest('the body must hold spec.retention or spec.visibleLists');
  if (keeps && !isObject(retention)) throw newBadRequest('spec.retention must be a JSON object');
  if (visibleLists !== undefined && typeof visibleLists !== 'boolean') {
    throw newInvalid(KIND, '', [invalid(fieldPath('spec', 'visibleLists'), visibleLists, 'must be true or false')]);
  }
  return {
    ...(isObject(retention) && { retention: retentionOf(retention) }),
    ...(visibleLists !== undefined && { visibleLists }),
  };
}

function retentionOf(retention: Json): Retention {
  const seconds = limitOf(retention, 'seconds', LONGEST_AGE);
  const bytes = limitOf(retention, 'bytes', Number.MAX_SAFE_INTEGER);
  return { ...(seconds !== undefined && { age: seconds * 1000 }), ...(bytes !== undefined && { bytes }) };
}

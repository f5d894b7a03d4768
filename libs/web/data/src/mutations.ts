import { ANNOTATION_RESTARTED_AT } from '@binnacle/apis-kubernetes/well-known';
import type { DeleteOptions } from '@binnacle/machinery-meta';
import { call } from './http.js';
import { type ApiTarget, apiPath } from './paths.js';
import type { KubeObject, UnstructuredObject } from './resources.js';

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

export interface WriteOptions {
  /** The server tries it and keeps nothing. */
  readonly dryRun?: boolean;
}

const trying = ({ dryRun }: WriteOptions) => (dryRun ? { dryRun: 'All' } : {});

function patch(
  target: ApiTarget,
  body: unknown,
  contentType: string,
  options: WriteOptions = {},
): Promise<UnstructuredObject> {
  const params = { fieldManager: 'binnacle-web', ...trying(options) };
  return call(apiPath(target, params), { method: 'PATCH', body, contentType });
}

export function getObject(target: ApiTarget, signal?: AbortSignal): Promise<UnstructuredObject> {
  return call(apiPath(target), signal ? { signal } : {});
}

export function scale(target: ApiTarget, replicas: number, options?: WriteOptions): Promise<UnstructuredObject> {
  return patch({ ...target, subresource: 'scale' }, { spec: { replicas } }, MERGE, options);
}

/** Rolls new Pods out by changing the template's annotation, as `kubectl rollout restart` does. */
export function restart(target: ApiTarget, at: Date, options?: WriteOptions): Promise<UnstructuredObject> {
  const annotations = { [ANNOTATION_RESTARTED_AT]: at.toISOString() };
  return patch(target, { spec: { template: { metadata: { annotations } } } }, STRATEGIC, options);
}

export function setUnschedulable(target: ApiTarget, unschedulable: boolean): Promise<unknown> {
  return patch(target, { spec: { unschedulable: unschedulable || null } }, MERGE);
}

/** A Job that rests has no Pods; a CronJob that rests makes no Jobs. */
export function setSuspended(target: ApiTarget, suspend: boolean): Promise<unknown> {
  return patch(target, { spec: { suspend } }, MERGE);
}

/** Asks for a larger volume; refused where the class cannot make one. */
export function resizeClaim(target: ApiTarget, storage: string, options?: WriteOptions): Promise<unknown> {
  return patch(target, { spec: { resources: { requests: { storage } } } }, MERGE, options);
}

/** By key what it is to be; null takes it away. */
export type Marks = Readonly<Record<string, string | null>>;

/** Labels and annotations that are set or taken away; all others stay. */
export function mark(
  target: ApiTarget,
  marks: { readonly labels?: Marks; readonly annotations?: Marks },
  options?: WriteOptions,
): Promise<UnstructuredObject> {
  return patch(target, { metadata: marks }, MERGE, options);
}

/** Puts the Pod template of an earlier revision back. */
export function rollBack(target: ApiTarget, template: unknown): Promise<unknown> {
  return patch(target, [{ op: 'replace', path: '/spec/template', value: template }], 'application/json-patch+json');
}

/** Deletes this very Pod if its disruption budget allows it now; TooManyRequests (429) where it does not. */
export function evict(target: ApiTarget, { metadata: { uid } }: KubeObject, signal?: AbortSignal): Promise<unknown> {
  const { name, namespace } = target;
  const body = {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    ...(uid && { deleteOptions: { preconditions: { uid } } }),
  };
  const path = apiPath({ ...target, subresource: 'eviction' });
  return call(path, { method: 'POST', body, ...(signal && { signal }) });
}

/** Deletes this very object: one made anew under the same name is left alone. With `dryRun: ['All']` it is only tried. */
export function remove(target: ApiTarget, object: KubeObject, options: DeleteOptions = {}): Promise<unknown> {
  const { uid } = object.metadata;
  const body: DeleteOptions = {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    propagationPolicy: 'Background',
    ...(uid && { preconditions: { uid } }),
    ...options,
  };
  return call(apiPath(target), { method: 'DELETE', body });
}

const strictly = (options: WriteOptions, fieldManager = 'binnacle-web') => ({
  fieldManager,
  fieldValidation: 'Strict',
  ...trying(options),
});

export function replace(target: ApiTarget, body: unknown, options: WriteOptions = {}): Promise<UnstructuredObject> {
  return call(apiPath(target, strictly(options)), { method: 'PUT', body });
}

/** Of which fields an apply here says that they are its own. */
export const APPLY_MANAGER = 'binnacle-apply';

export interface ApplyOptions extends WriteOptions {
  /** Takes over what others own. */
  readonly force?: boolean;
}

/** Server-side apply: the object is made, or becomes what is said of it. Conflict where others own a field, with them as causes. */
export function apply(target: ApiTarget, body: unknown, options: ApplyOptions = {}): Promise<UnstructuredObject> {
  const params = { ...strictly(options, APPLY_MANAGER), ...(options.force && { force: true }) };
  return call(apiPath(target, params), { method: 'PATCH', body, contentType: 'application/apply-patch+yaml' });
}

/** Makes an object that the server names. */
export function createNamed(target: ApiTarget, body: unknown, options: WriteOptions = {}): Promise<UnstructuredObject> {
  return call(apiPath(target, strictly(options, APPLY_MANAGER)), { method: 'POST', body });
}

export function create(target: ApiTarget, body: unknown, options: WriteOptions = {}): Promise<UnstructuredObject> {
  return call(apiPath(target, { fieldManager: 'binnacle-web', ...trying(options) }), { method: 'POST', body });
}

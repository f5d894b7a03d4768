import { ANNOTATION_RESTARTED_AT } from '@binnacle/apis-kubernetes/well-known';
import type { DeleteOptions } from '@binnacle/machinery-meta';
import { call } from './http.js';
import { type ApiTarget, apiPath } from './paths.js';
import type { KubeObject, UnstructuredObject } from './resources.js';

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';

function patch(target: ApiTarget, body: unknown, contentType: string): Promise<UnstructuredObject> {
  return call(apiPath(target, { fieldManager: 'binnacle-web' }), { method: 'PATCH', body, contentType });
}

export function getObject(target: ApiTarget, signal?: AbortSignal): Promise<UnstructuredObject> {
  return call(apiPath(target), signal ? { signal } : {});
}

export function scale(target: ApiTarget, replicas: number): Promise<unknown> {
  return patch({ ...target, subresource: 'scale' }, { spec: { replicas } }, MERGE);
}

/** Rolls new Pods out by changing the template's annotation, as `kubectl rollout restart` does. */
export function restart(target: ApiTarget, at: Date): Promise<unknown> {
  const annotations = { [ANNOTATION_RESTARTED_AT]: at.toISOString() };
  return patch(target, { spec: { template: { metadata: { annotations } } } }, STRATEGIC);
}

export function setUnschedulable(target: ApiTarget, unschedulable: boolean): Promise<unknown> {
  return patch(target, { spec: { unschedulable: unschedulable || null } }, MERGE);
}

/** Puts the Pod template of an earlier revision back. */
export function rollBack(target: ApiTarget, template: unknown): Promise<unknown> {
  return patch(target, [{ op: 'replace', path: '/spec/template', value: template }], 'application/json-patch+json');
}

/** Deletes this very object: one made anew under the same name is left alone. */
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

export interface WriteOptions {
  readonly dryRun?: boolean;
}

const strictly = ({ dryRun }: WriteOptions, fieldManager = 'binnacle-web') => ({
  fieldManager,
  fieldValidation: 'Strict',
  ...(dryRun && { dryRun: 'All' }),
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

export function create(target: ApiTarget, body: unknown): Promise<UnstructuredObject> {
  return call(apiPath(target, { fieldManager: 'binnacle-web' }), { method: 'POST', body });
}

import { newBadRequest, type ObjectMeta, type UnstructuredObject } from '@binnacle/machinery-meta';
import { conflict, invalid } from './failures.js';
import type { RequestContext } from './request-context.js';
import type { ObjectPlace } from './resource-core.js';
import type { ResourceStore } from './resource-store.js';
import type { UpdateOptions } from './update-object.js';

export interface Scale {
  readonly apiVersion: 'autoscaling/v1';
  readonly kind: 'Scale';
  readonly metadata: ObjectMeta;
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly replicas: number; readonly selector?: string };
}

/** How the scale subresource shows an object. */
export function scaleOf(store: ResourceStore, object: UnstructuredObject): Scale {
  const mapping = store.definition.scale;
  if (!mapping) throw newBadRequest(`${store.definition.names.plural} cannot be scaled`);
  const { spec, status, selector } = mapping.get(object);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const known = Object.entries({ name, namespace, uid, resourceVersion, creationTimestamp });
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: Object.fromEntries(known.filter(([, value]) => value !== undefined)),
    spec: { replicas: spec },
    status: { replicas: status, ...(selector && { selector }) },
  };
}

function checkScale(store: ResourceStore, object: UnstructuredObject, scale: Scale): number {
  const name = object.metadata.name ?? '';
  const { uid, resourceVersion } = scale.metadata;
  if (uid && uid !== object.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${object.metadata.uid}`;
    throw conflict(store.definition, name, why);
  }
  if (resourceVersion && resourceVersion !== object.metadata.resourceVersion) throw conflict(store.definition, name);
  const replicas = scale.spec?.replicas ?? 0;
  if (Number.isInteger(replicas) && replicas >= 0) return replicas;
  throw invalid({ group: 'autoscaling', names: { ...store.definition.names, kind: 'Scale' } }, name, [
    {
      type: 'FieldValueInvalid',
      field: 'spec.replicas',
      message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
    },
  ]);
}

/** Writes replicas through the scale subresource; `change` makes the wanted Scale from the present one. */
export async function updateScale(
  store: ResourceStore,
  ctx: RequestContext,
  place: ObjectPlace,
  change: (current: Scale) => Scale | Promise<Scale>,
  options: UpdateOptions = {},
): Promise<Scale> {
  const setReplicas = async (object: UnstructuredObject) => {
    const wanted = await change(scaleOf(store, object));
    store.definition.scale?.set(object, checkScale(store, object, wanted));
    return object;
  };
  const stored = await store.update(ctx, place, setReplicas, { ...options, subresource: 'scale' });
  return scaleOf(store, store.decode(stored));
}

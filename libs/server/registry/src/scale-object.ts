import { builtinKind } from '@binnacle/apis-kubernetes/schemas';
import { applyType } from '@binnacle/apis-schema';
import { type ManagedWrite, ownersFromScale, scaleOwners, trackUpdate } from '@binnacle/machinery-apply';
import { formatApiVersion, newBadRequest, type ObjectMeta, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { OwnedObject } from '@binnacle/server-storage';
import { conflict, invalid } from './failures.js';
import type { RequestContext } from './request-context.js';
import type { ObjectPlace } from './resource-core.js';
import type { ResourceStore } from './resource-store.js';
import { type FieldOwner, managedWrite } from './managed-fields.js';
import { AppliedObject, type UpdateOptions } from './update-object.js';

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
    spec: spec === 0 ? {} : { replicas: spec },
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

const SCALE = builtinKind('autoscaling', 'v1', 'Scale');
const AT_SPEC = ['spec', 'replicas'];

/** Describes a write of a Scale to its managed fields. */
export function scaleWrite(store: ResourceStore, ctx: RequestContext, owner: FieldOwner): ManagedWrite {
  const write = managedWrite(store.core, ctx, { ...owner, subresource: 'scale' });
  const { group, version } = SCALE;
  const type = applyType(SCALE.schemas, SCALE.schema);
  return { ...write, type, apiVersion: formatApiVersion({ group, version }), resetFields: [] };
}

const asObject = (scale: Scale): UnstructuredObject => scale as unknown as UnstructuredObject;

/** Who owns the replicas after a Scale has become another. */
function scalersAfter(current: OwnedObject, made: Scale | AppliedObject, write: ManagedWrite): string {
  return made instanceof AppliedObject ? made.owners : trackUpdate(current, asObject(made), write);
}

/** Makes the wanted Scale from the present one, whose managed fields `owners` is the JSON text of. */
export type ScaleChange = (current: Scale, owners: string) => Scale | AppliedObject | Promise<Scale>;

/** Writes replicas through the scale subresource. */
export async function updateScale(
  store: ResourceStore,
  ctx: RequestContext,
  place: ObjectPlace,
  change: ScaleChange,
  options: UpdateOptions = {},
): Promise<Scale> {
  const { definition } = store;
  const path = definition.scale?.path ?? AT_SPEC;
  const write = scaleWrite(store, ctx, options);
  const setReplicas = async (object: UnstructuredObject, owners: string) => {
    const current = { object: asObject(scaleOf(store, object)), owners: scaleOwners(owners, path) };
    const made = await change(current.object as unknown as Scale, current.owners);
    const wanted = made instanceof AppliedObject ? (made.object as unknown as Scale) : made;
    definition.scale?.set(object, checkScale(store, object, wanted));
    const scalers = scalersAfter(current, made, write);
    return new AppliedObject(object, ownersFromScale(owners, scalers, path, formatApiVersion(definition)));
  };
  const stored = await store.update(ctx, place, setReplicas, { ...options, subresource: 'scale' });
  return scaleOf(store, store.decode(stored));
}

import { resetFieldsOf, type ResourceDefinition, storageResource } from '@binnacle/apis-registry';
import { applyType } from '@binnacle/apis-schema';
import { type ManagedWrite, type OtherVersion, type OwnedVersion, trackUpdate } from '@binnacle/machinery-apply';
import { formatApiVersion, formatTime, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { OwnedObject } from '@binnacle/server-storage';
import type { RequestContext } from './request-context.js';
import type { ResourceCore } from './resource-core.js';

/** What a write tells about its maker. */
export interface FieldOwner {
  /** By default the first word of the client's name. */
  readonly fieldManager?: string;
  readonly subresource?: string;
}

const LONGEST_MANAGER = 128;

const PRINTABLE = /[\p{L}\p{M}\p{N}\p{P}\p{S} ]/u;
const PLAIN = /^[ -~]{0,128}$/;

/** The first word of a client's name, without what cannot be printed. */
function managerOf({ client }: RequestContext): string {
  const end = client.indexOf('/');
  const word = end < 0 ? client : client.slice(0, end);
  return PLAIN.test(word) ? word : printable(word);
}

function printable(word: string): string {
  let manager = '';
  for (const character of word) {
    if (!PRINTABLE.test(character)) continue;
    if (Buffer.byteLength(manager + character) > LONGEST_MANAGER) break;
    manager += character;
  }
  return manager;
}

/** What all writes to an endpoint have in common. */
interface Endpoint extends OwnedVersion {
  readonly apiVersion: string;
  readonly subresource: string;
}

const owned = new WeakMap<ResourceDefinition, Map<string, Endpoint>>();

/** How an endpoint's objects are owned, which is asked at every write. */
function ownedAs(definition: ResourceDefinition, subresource: string): Endpoint {
  let known = owned.get(definition);
  if (!known) owned.set(definition, (known = new Map()));
  let endpoint = known.get(subresource);
  if (!endpoint) {
    const type = applyType(definition.schemas, definition.schema);
    const onlyFields = definition.strategy.parts?.[subresource]?.fields;
    const resetFields = resetFieldsOf(definition, subresource);
    const apiVersion = formatApiVersion(definition);
    endpoint = { type, resetFields, apiVersion, subresource, ...(onlyFields && { onlyFields }) };
    known.set(subresource, endpoint);
  }
  return endpoint;
}

/** An object of one version of a kind as another shows it. */
function shownAs(from: ResourceDefinition, to: ResourceDefinition, object: UnstructuredObject): UnstructuredObject {
  const stored = from.storage?.toStored?.(object) ?? object;
  const shown = to.storage?.fromStored?.(stored) ?? stored;
  return { ...shown, apiVersion: formatApiVersion(to), kind: to.names.kind };
}

type InVersion = NonNullable<ManagedWrite['inVersion']>;

/** Other versions of a kind; those that only a webhook converts between are taken to be alike. */
function versionsOf(
  { definition, servedBy }: ManagedCore,
  { cluster }: RequestContext,
  subresource: string,
): InVersion {
  return (apiVersion): OtherVersion | 'alike' | undefined => {
    const set = servedBy(cluster);
    if (!set || definition.storage?.convert) return 'alike';
    const resource = storageResource(definition);
    const other = set.all.find((one) => formatApiVersion(one) === apiVersion && storageResource(one) === resource);
    return other && { ...ownedAs(other, subresource), convert: (object) => shownAs(definition, other, object) };
  };
}

type ManagedCore = Pick<ResourceCore, 'definition' | 'servedBy'>;

/** Describes a write to the managed fields. An endpoint owns nothing of what it does not write. */
export function managedWrite(core: ManagedCore, ctx: RequestContext, owner: FieldOwner): ManagedWrite {
  const { fieldManager, subresource = '' } = owner;
  return {
    ...ownedAs(core.definition, subresource),
    manager: fieldManager || managerOf(ctx),
    now: formatTime(ctx.clock.now()),
    inVersion: versionsOf(core, ctx, subresource),
  };
}

/**
 * Notes who owns what after a write that is no apply, and takes what the client said of it from the next state.
 * @param old the present state; undefined where there is none yet.
 * @returns the managed fields of the next state, as JSON text.
 */
export function noteOwners(
  core: ManagedCore,
  ctx: RequestContext,
  states: { readonly next: UnstructuredObject; readonly old?: OwnedObject | undefined },
  owner: FieldOwner,
): string {
  const { next, old } = states;
  const owners = trackUpdate(old, next, managedWrite(core, ctx, owner));
  // What is taken from an object makes it slower to read from then on.
  if (next.metadata.managedFields) delete next.metadata.managedFields;
  return owners;
}

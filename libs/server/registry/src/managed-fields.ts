import { applyType } from '@binnacle/apis-kubernetes/schema';
import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import { type ManagedWrite, trackUpdate } from '@binnacle/machinery-apply';
import { formatApiVersion, formatTime, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { RequestContext } from './request-context.js';

/** What a write tells about its maker. */
export interface FieldOwner {
  /** By default the first word of the client's name. */
  readonly fieldManager?: string;
  readonly subresource?: string;
}

function hasStatus({ subresources }: ResourceDefinition): boolean {
  return subresources.some(({ name }) => name === 'status');
}

/** Describes a write to the managed fields. An endpoint owns nothing of what it does not write. */
export function managedWrite(definition: ResourceDefinition, ctx: RequestContext, owner: FieldOwner): ManagedWrite {
  const { fieldManager, subresource = '' } = owner;
  const elsewhere = subresource === 'status' ? 'spec' : 'status';
  return {
    type: applyType(definition.schema),
    manager: fieldManager ?? (ctx.client.split('/')[0] || 'unknown'),
    apiVersion: formatApiVersion(definition),
    subresource,
    ...(hasStatus(definition) && { resetFields: [elsewhere] }),
    now: formatTime(ctx.clock.now()),
  };
}

/** Notes in `next` who owns what after a write that is no apply. Objects nobody ever applied carry no such notes. */
export function noteOwners(
  definition: ResourceDefinition,
  ctx: RequestContext,
  states: { readonly next: UnstructuredObject; readonly old: UnstructuredObject },
  owner: FieldOwner,
): void {
  const { next, old } = states;
  const { managedFields: given, ...metadata } = next.metadata;
  if (!given && !old.metadata.managedFields) return;
  const entries = trackUpdate(old, next, managedWrite(definition, ctx, owner));
  next.metadata = entries.length > 0 ? { ...metadata, managedFields: [...entries] } : metadata;
}

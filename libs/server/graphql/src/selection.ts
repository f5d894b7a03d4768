import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import { type Selection, selectionOf } from '@binnacle/server-registry';

/** Selectors as GraphQL hands them over: what was not given is null. */
export interface SelectionArguments {
  readonly namespace?: string | null;
  readonly labelSelector?: string | null;
  readonly fieldSelector?: string | null;
}

/** What a list or subscription is about. Throws as the API itself does for selectors it cannot read. */
export function selectionFrom(definition: ResourceDefinition, args: SelectionArguments): Selection {
  return selectionOf(definition, {
    namespace: args.namespace ?? '',
    labelSelector: args.labelSelector ?? '',
    fieldSelector: args.fieldSelector ?? '',
  });
}

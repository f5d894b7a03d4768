import type { ResourceDefinition } from '@binnacle/apis-registry';
import { newBadRequest } from '@binnacle/machinery-meta';
import { type Selection, selectionOf } from '@binnacle/server-registry';

/** Selectors as GraphQL hands them over: what was not given is null. */
export interface SelectionArguments {
  readonly namespace?: string | null;
  readonly labelSelector?: string | null;
  readonly fieldSelector?: string | null;
}

/** Every object is held against every part of a selector. */
const LONGEST = 4_096;

function selector(text: string | null | undefined, what: string): string {
  if (text && text.length > LONGEST) throw newBadRequest(`the ${what} is longer than ${LONGEST} characters`);
  return text ?? '';
}

/** What a list or subscription is about. Throws as the API itself does for selectors it cannot read. */
export function selectionFrom(definition: ResourceDefinition, args: SelectionArguments): Selection {
  return selectionOf(definition, {
    namespace: args.namespace ?? '',
    labelSelector: selector(args.labelSelector, 'labelSelector'),
    fieldSelector: selector(args.fieldSelector, 'fieldSelector'),
  });
}

import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import { newBadRequest } from '@binnacle/machinery-meta';
import { parseFieldSelector, parseLabelSelector } from '@binnacle/machinery-selectors';
import type { Selection } from '@binnacle/server-registry';

export interface SelectionArguments {
  readonly namespace?: string | null;
  readonly name?: string | null;
  readonly labelSelector?: string | null;
  readonly fieldSelector?: string | null;
}

const ALWAYS = ['metadata.name', 'metadata.namespace'];

/**
 * What a list or subscription is about, from the selectors as kubectl takes them.
 * @throws StatusError BadRequest for selectors that cannot be read and fields the kind cannot be selected by.
 */
export function selectionOf(definition: ResourceDefinition, args: SelectionArguments): Selection {
  const labels = parseLabelSelector(args.labelSelector ?? '');
  const fields = parseFieldSelector(args.fieldSelector ?? '');
  const unsupported = fields.unsupportedField((field) => ALWAYS.includes(field) || field in definition.fields);
  if (unsupported) throw newBadRequest(`field label not supported: ${unsupported}`);
  const index = definition.indexedFields?.find((field) => fields.exactValue(field) !== undefined);
  const everything = labels.matchesEverything && fields.matchesEverything;
  return {
    ...(args.namespace && { namespace: args.namespace }),
    ...(args.name && { name: args.name }),
    ...(index && { index: { field: index, value: fields.exactValue(index) ?? '' } }),
    ...(!everything && {
      matches: (attributes, key) =>
        labels.matches(attributes.labels) &&
        fields.matches((field) => {
          if (field === 'metadata.name') return key.name;
          if (field === 'metadata.namespace') return key.namespace;
          return attributes.fields[field] ?? '';
        }),
    }),
  };
}

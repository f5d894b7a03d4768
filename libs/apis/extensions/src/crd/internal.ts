import { semanticEqual } from '@binnacle/machinery-validation';
import type { CustomResourceDefinitionSpec, CustomResourceDefinitionVersion } from './types.js';

/** What may be said once for all versions. */
export type Shared = Pick<
  CustomResourceDefinitionVersion,
  'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields'
>;

/**
 * A spec as upstream validates it: what all versions say alike stands once, beside them. Paths in errors tell that form.
 */
export interface InternalSpec {
  readonly spec: CustomResourceDefinitionSpec;
  readonly shared: Shared;
  readonly versions: readonly CustomResourceDefinitionVersion[];
}

const SHAREABLE = ['schema', 'subresources', 'additionalPrinterColumns', 'selectableFields'] as const;

/** Behaves as upstream's conversion from v1 to the internal version. */
export function internalSpec(spec: CustomResourceDefinitionSpec): InternalSpec {
  const { versions = [] } = spec;
  const [first] = versions;
  const alike = SHAREABLE.filter((name) => versions.every((version) => semanticEqual(version[name], first?.[name])));
  const shared = Object.fromEntries(alike.map((name) => [name, first?.[name]])) as Shared;
  const rest = versions.map((version) => {
    const own = { ...version };
    for (const name of alike) delete own[name];
    return own;
  });
  return { spec, shared, versions: rest };
}

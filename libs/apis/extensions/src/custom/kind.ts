import type { ResourceNames } from '@binnacle/apis-registry';
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
  CustomResourceSubresourceScale,
} from '../crd/types.js';
import type { MetadataReader } from '../objects/object-meta.js';
import type { Compile } from '../rules/compile.js';
import type { JsonSchema } from '../schema/types.js';
import type { ConversionClient } from './convert.js';
import { modelName, servedNames } from './names.js';

/** What the rules of custom objects need besides their definition. */
export interface CustomTools {
  readonly reader: MetadataReader;
  readonly compile: Compile;
  readonly convert: ConversionClient;
}

/** One version of a definition, taken apart. */
export interface CustomKind {
  readonly group: string;
  readonly version: string;
  readonly names: ResourceNames;
  readonly namespaced: boolean;
  /** Its structural schema; of everything where the definition says none. */
  readonly schema: JsonSchema;
  readonly hasStatus: boolean;
  readonly scale: CustomResourceSubresourceScale | undefined;
  /** What it is called in OpenAPI documents. */
  readonly model: string;
  readonly definition: CustomResourceDefinition;
  readonly of: CustomResourceDefinitionVersion;
}

const ANYTHING: JsonSchema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

/** @throws RangeError where the definition has no such version. */
export function customKind(definition: CustomResourceDefinition, version: string): CustomKind {
  const { group, scope, versions, preserveUnknownFields } = definition.spec;
  const of = versions.find(({ name }) => name === version);
  if (!of) throw new RangeError(`${definition.metadata.name} has no version ${version}`);
  const names = servedNames(definition);
  const schema = of.schema?.openAPIV3Schema ?? ANYTHING;
  return {
    group,
    version,
    names,
    namespaced: scope === 'Namespaced',
    schema: preserveUnknownFields ? { ...schema, 'x-kubernetes-preserve-unknown-fields': true } : schema,
    hasStatus: of.subresources?.status !== undefined,
    scale: of.subresources?.scale,
    model: modelName(group, version, names.kind),
    definition,
    of,
  };
}

import type { ResourceNames } from '@binnacle/apis-registry';
import type { CustomResourceDefinition } from '../crd/types.js';

/** The names a definition is served under: those that were accepted. */
export function servedNames({ spec, status }: CustomResourceDefinition): ResourceNames {
  const names = status?.acceptedNames?.plural ? status.acceptedNames : spec.names;
  return {
    plural: names.plural,
    singular: names.singular ?? '',
    kind: names.kind,
    listKind: names.listKind ?? `${names.kind}List`,
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
  };
}

/** What a kind is called in OpenAPI documents: `com.example.v1.Widget`. */
export function modelName(group: string, version: string, kind: string): string {
  return `${group.split('.').reverse().join('.')}.${version}.${kind}`;
}

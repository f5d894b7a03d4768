import type { ApiPriority, ExpectedKind, SchemaKind, ServedKind } from '@binnacle/apis-schema';
import { builtinKind } from './builtin-schemas.js';

/** A kind of Kubernetes that is only asked, never kept. */
export function postedKind(of: SchemaKind, priority: ApiPriority, namespaced = false): ServedKind {
  return askedKind(builtinKind(of.group, of.version, of.kind), priority, namespaced);
}

/** A kind that is only asked, never kept. */
export function askedKind(of: ExpectedKind, priority: ApiPriority, namespaced = false): ServedKind {
  const { group, version, kind, schema, schemas } = of;
  const singular = kind.toLowerCase();
  const names = { plural: `${singular}s`, singular, kind, listKind: '', shortNames: [], categories: [] };
  return { group, version, names, namespaced, verbs: ['create'], subresources: [], priority, schema, schemas };
}

import type { ApiPriority, SchemaKind, ServedKind } from '@binnacle/apis-schema';
import { builtinKind } from './builtin-schemas.js';

/** A kind that is only asked, never kept. */
export function postedKind(of: SchemaKind, priority: ApiPriority, namespaced = false): ServedKind {
  const { group, version, kind, schema, schemas } = builtinKind(of.group, of.version, of.kind);
  const singular = kind.toLowerCase();
  const names = { plural: `${singular}s`, singular, kind, listKind: '', shortNames: [], categories: [] };
  return { group, version, names, namespaced, verbs: ['create'], subresources: [], priority, schema, schemas };
}

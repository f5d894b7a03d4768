import { ANNOTATION_LAST_APPLIED_CONFIG } from '@binnacle/apis-kubernetes/well-known';
import { jsonPieces, type StoredObject, unownedPieces } from '@binnacle/server-storage';
import type { SubscribeRequest } from './protocol.js';

type Fields = Record<string, unknown>;

/** What `kubectl apply` keeps of the whole object, values included. */
const VALUES = ['data', 'binaryData', 'stringData'];

/** A stored object as JSON text. */
function objectText(stored: StoredObject): string {
  const [opening, rest] = jsonPieces(stored);
  return opening + rest.toString();
}

const withoutValues = (values: unknown): Fields =>
  Object.fromEntries(Object.keys((values ?? {}) as Fields).map((key) => [key, null]));

/** The same without its managed fields, which are as long as the rest and of no use in a list. */
function unownedText(stored: StoredObject): string {
  const [opening, rest] = unownedPieces(stored);
  return opening + rest.toString();
}

/** The same with the names of its data but not what they hold, which a list has no use for and a Secret should not lend. */
function keysOnlyText(stored: StoredObject): string {
  const object = JSON.parse(unownedText(stored)) as Fields & { metadata: { annotations?: Fields } };
  for (const field of VALUES) if (field in object) object[field] = withoutValues(object[field]);
  delete object.metadata.annotations?.[ANNOTATION_LAST_APPLIED_CONFIG];
  return JSON.stringify(object);
}

/** Whose it is and that it has changed, for a reader that looks the rest up elsewhere. */
function metadataOnlyText(stored: StoredObject): string {
  const { apiVersion, kind, metadata } = JSON.parse(unownedText(stored)) as Fields & { metadata: Fields };
  const { managedFields: _, annotations: __, ...rest } = metadata;
  return JSON.stringify({ apiVersion, kind, metadata: rest });
}

const ONE_OBJECT = /^metadata\.name=[^,]+$/;

type Wanted = Pick<SubscribeRequest, 'keysOnly' | 'metadataOnly' | 'fieldSelector'>;

/** How the objects of a subscription are sent: who owns their fields is told only of one that is looked at by itself. */
export function textOf(wanted: Wanted): (stored: StoredObject) => string {
  if (wanted.metadataOnly) return metadataOnlyText;
  if (wanted.keysOnly) return keysOnlyText;
  return ONE_OBJECT.test(wanted.fieldSelector) ? objectText : unownedText;
}

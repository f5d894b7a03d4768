import { type FieldError, type FieldPath, invalid } from '@binnacle/machinery-validation';
import { ANNOTATION_LINK, LinkError, parseLink } from './link.js';

/** What is wrong with the link that annotations tell of; `path` is theirs. */
export function validateLink(annotations: Readonly<Record<string, string>> | undefined, path: FieldPath): FieldError[] {
  const text = annotations?.[ANNOTATION_LINK];
  if (text === undefined) return [];
  try {
    parseLink(text);
    return [];
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return [invalid(path.key(ANNOTATION_LINK), text.slice(0, 256), error.message)];
  }
}

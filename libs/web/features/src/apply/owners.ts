import type { StatusError } from '@binnacle/machinery-meta';

/** Somebody else owns a field that is to be something else. */
export interface FieldOwner {
  readonly field: string;
  readonly manager: string;
  /** What the server adds: by which version or subresource. */
  readonly how: string;
}

const CONFLICT = /^conflict with "(.*?)"(.*)$/s;

/** Who owns the fields an apply could not have. */
export function ownersOf(error: StatusError): FieldOwner[] {
  const causes = error.details?.causes ?? [];
  return causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ field = '', message = '' }) => {
      const [, manager = message, how = ''] = CONFLICT.exec(message) ?? [];
      return { field: field.replace(/^\./, ''), manager, how: how.trim() };
    });
}

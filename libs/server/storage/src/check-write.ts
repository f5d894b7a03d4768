import { type Context, throwIfEnded } from '@binnacle/machinery-context';
import { StorageError } from './errors.js';
import type { Write } from './types.js';

// Everything below the space, which includes the separator of joined keys and the NUL that no text column takes.
const CONTROL = /[\u0000-\u001f]/;

/** Throws for a write nobody waits for any more, or that could never be stored. */
export function checkWrite(ctx: Context, write: Write): void {
  throwIfEnded(ctx);
  const { resource, namespace, name } = write.key;
  if (CONTROL.test(resource) || CONTROL.test(namespace) || CONTROL.test(name)) {
    throw new StorageError('invalid', 'a key must not hold control characters', { key: write.key });
  }
}

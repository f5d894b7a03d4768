import type { ManagedFieldsEntry } from '@binnacle/machinery-meta';
import { decodeManagers, equalButForTimes, readManagers, writeManagers } from './managers.js';

/** Managed fields as the text they are kept as; none where they cannot be read. */
export function encodeOwners(entries: readonly ManagedFieldsEntry[] = []): string {
  return writeManagers(decodeManagers(entries) ?? new Map());
}

/** Whether two texts of managed fields say the same, whenever that was. */
export function equalOwners(left: string, right: string): boolean {
  return left === right || equalButForTimes(readManagers(left), readManagers(right));
}

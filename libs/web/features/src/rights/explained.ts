import { type Right, Store } from '@binnacle/web-data';

/** The right that is asked about; undefined while none is. */
export const explained = new Store<Right | undefined>(undefined);

/** Tells of a right that is missing what it is and who could grant it. */
export function explainMissing(right: Right): void {
  explained.set(right);
}

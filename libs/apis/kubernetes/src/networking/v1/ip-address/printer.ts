import { type TablePrinter, column, nameColumn, nameOf, NONE } from '@binnacle/apis-registry';
import type { IPAddress } from '../index.js';

function parentText({ spec }: IPAddress): string {
  if (!spec?.parentRef) return NONE;
  const { group, resource = '', namespace, name = '' } = spec.parentRef;
  const kind = (group ? `${resource}.${group}` : resource).toLowerCase();
  return [kind, ...(namespace ? [namespace] : []), name].join('/');
}

/** Without an age, as upstream's: its rows have one, but no column for it. */
export const printer: TablePrinter<IPAddress> = {
  columns: [nameColumn, column('ParentRef', 'What has the address.')],
  row: (address) => [nameOf(address), parentText(address)],
};

import { newApplyConflict, quote, type StatusError } from '@binnacle/machinery-meta';
import type { FieldSet } from './field-set.js';
import { type Manager, orderOf } from './managers.js';

export interface Conflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

function printManager({ name, operation, apiVersion, subresource }: Manager): string {
  const who = subresource ? `${quote(name)} with subresource ${quote(subresource)}` : quote(name);
  return operation === 'Apply' ? who : `${who} using ${apiVersion}`;
}

const byIdentity = (left: Conflict, right: Conflict): number =>
  orderOf(left.manager) < orderOf(right.manager) ? -1 : 1;

/** Behaves as kubernetes apimachinery pkg/util/managedfields: one cause for each field, and a list in the message. */
export function conflictError(found: readonly Conflict[]): StatusError {
  const conflicts = [...found].sort(byIdentity);
  const all = conflicts.flatMap(({ manager, fields }) =>
    fields.paths().map((path) => ({ who: printManager(manager), path })),
  );
  const causes = all.map(({ who, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${who}`,
    field: path,
  }));
  const [first] = all;
  if (all.length === 1 && first) {
    return newApplyConflict(causes, `Apply failed with 1 conflict: conflict with ${first.who}: ${first.path}`);
  }
  const lines = conflicts.flatMap(({ manager, fields }) => [
    `conflicts with ${printManager(manager)}:`,
    ...fields.paths().map((path) => `- ${path}`),
  ]);
  return newApplyConflict(causes, `Apply failed with ${all.length} conflicts: ${lines.join('\n')}`);
}

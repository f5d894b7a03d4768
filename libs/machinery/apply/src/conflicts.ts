import { newApplyConflict, quote, type StatusError } from '@binnacle/machinery-meta';
import type { FieldSet } from './field-set.js';
import type { Manager } from './managers.js';

export interface Conflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

function printManager({ name, operation, apiVersion, subresource, time }: Manager): string {
  const who = subresource ? `${quote(name)} with subresource ${quote(subresource)}` : quote(name);
  if (operation === 'Apply') return who;
  return time ? `${who} using ${apiVersion} at ${time}` : `${who} using ${apiVersion}`;
}

/** Behaves as kubernetes apimachinery pkg/util/managedfields: one cause for each field, and a list in the message. */
export function conflictError(conflicts: readonly Conflict[]): StatusError {
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

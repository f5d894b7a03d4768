import { type TablePrinter, ageColumn, ageOf, column, NONE, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { ControllerRevision } from '../index.js';

function controllerOf(revision: ControllerRevision): string {
  const owner = revision.metadata.ownerReferences?.find((reference) => reference.controller);
  if (!owner) return NONE;
  const [group] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : [''];
  const kind = owner.kind.toLowerCase();
  return group ? `${kind}.${group}/${owner.name}` : `${kind}/${owner.name}`;
}

export const printer: TablePrinter<ControllerRevision> = {
  columns: [
    nameColumn,
    column('Controller', 'The object this revision belongs to.'),
    column('Revision', 'Number of the revision.'),
    ageColumn,
  ],
  row: (revision, now) => [nameOf(revision), controllerOf(revision), revision.revision, ageOf(revision, now)],
};

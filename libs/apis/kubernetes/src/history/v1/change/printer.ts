import {
  ageColumn,
  ageOf,
  type Cell,
  column,
  firstAndMore,
  nameColumn,
  nameOf,
  type TablePrinter,
  wide,
} from '@binnacle/apis-registry';
import type { Change, ChangeSpec } from '../index.js';

const SHOWN_FIELDS = 10;

function resourceOf({ group, resource = '' }: Partial<ChangeSpec>): string {
  return group ? `${resource}.${group}` : resource;
}

function fieldsOf({ fields = [], moreFields = 0 }: Partial<ChangeSpec>): string {
  const shown = firstAndMore(fields, SHOWN_FIELDS);
  return moreFields > 0 && fields.length <= SHOWN_FIELDS ? `${shown} + ${moreFields} more...` : shown;
}

/** What a client says of itself begins with what it is, such as `kubectl/v1.36.0`. */
function clientOf({ userAgent = '' }: Partial<ChangeSpec>): string {
  return userAgent.split(' ', 1)[0] ?? '';
}

function row(change: Change, now: number): Cell[] {
  const spec: Partial<ChangeSpec> = change.spec ?? {};
  return [
    nameOf(change),
    ageOf(change, now),
    spec.verb ?? '',
    resourceOf(spec),
    spec.name ?? '',
    spec.user ?? '',
    clientOf(spec),
    fieldsOf(spec),
  ];
}

export const printer: TablePrinter<Change> = {
  columns: [
    { ...nameColumn, name: 'Revision', description: 'The resourceVersion that the object had from then on.' },
    { ...ageColumn, description: 'Time since the change.' },
    column('Verb', 'Whether the object was created, updated or deleted.'),
    column('Resource', 'What the object is one of.'),
    column('Name', 'Name of the object.'),
    column('User', 'Who made the change.'),
    column('Client', 'By which program.'),
    wide('Fields', 'What an update changed.'),
  ],
  row,
};

import { addressOf, type ResourceDefinition } from '@binnacle/apis-registry';
import { refs } from '../../../refs/index.js';
import type { Change, ChangeSpec } from '../index.js';
import { priority } from '../priority.js';
import { printer } from './printer.js';
import { CHANGE, changeSchemas } from './schema.js';

const SELECTABLE = ['group', 'resource', 'namespace', 'name', 'verb', 'user', 'userAgent', 'requestID'] as const;

const specField =
  (field: keyof ChangeSpec) =>
  ({ spec }: Change) =>
    String(spec?.[field] ?? '');

/** They say which part of the log is looked at, and are no fields of a change. */
const ofTheLog = () => '';

const { group, version } = refs.changes;

const definition: ResourceDefinition<Change> = {
  ...addressOf(refs.changes),
  priority,
  verbs: ['get', 'list', 'watch'],
  subresources: [{ name: 'blame', verbs: ['get'], roles: ['view'], gvk: { group, version, kind: 'Blame' } }],
  schema: CHANGE,
  roles: ['view'],
  schemas: changeSchemas,
  strategy: {},
  printer,
  fields: {
    ...Object.fromEntries(SELECTABLE.map((field) => [`spec.${field}`, specField(field)])),
    since: ofTheLog,
    until: ofTheLog,
  },
};

/** Entries of the log, which are read where the log is. */
export const changes = definition as unknown as ResourceDefinition;

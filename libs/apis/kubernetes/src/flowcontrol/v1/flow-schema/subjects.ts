import {
  type FieldError,
  type FieldPath,
  forbidden,
  invalidEach,
  nameIsDnsLabel,
  nameIsDnsSubdomain,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import type { ServiceAccountSubject, Subject } from '../index.js';

const FIELDS = { Group: 'group', ServiceAccount: 'serviceAccount', User: 'user' } as const;
type Kind = keyof typeof FIELDS;
/** In the order in which upstream complains of the others. */
const OTHERS: Readonly<Record<Kind, readonly Kind[]>> = {
  ServiceAccount: ['User', 'Group'],
  User: ['ServiceAccount', 'Group'],
  Group: ['ServiceAccount', 'User'],
};

function validateServiceAccount({ name = '', namespace = '' }: ServiceAccountSubject, path: FieldPath): FieldError[] {
  const badName = name && name !== '*' ? nameIsDnsSubdomain(name, false) : [];
  return [
    ...(name ? invalidEach(path.child('name'), name, badName) : [required(path.child('name'))]),
    ...(namespace
      ? invalidEach(path.child('namespace'), namespace, nameIsDnsLabel(namespace, false))
      : [required(path.child('namespace'), 'must specify namespace for service account')]),
  ];
}

function validateOwn(subject: Subject, kind: Kind, path: FieldPath): FieldError[] {
  const field = FIELDS[kind];
  const own = subject[field];
  if (!own) return [required(path.child(field), `${field} is required when subject kind is '${kind}'`)];
  if (kind === 'ServiceAccount') return validateServiceAccount(own as ServiceAccountSubject, path.child(field));
  return own.name ? [] : [required(path.child(field, 'name'))];
}

/** Names one of the three sorts, and nothing of the others. */
export function validateSubject(subject: Subject, path: FieldPath): FieldError[] {
  const kinds = Object.keys(FIELDS) as Kind[];
  const kind = kinds.find((known) => known === subject.kind);
  if (!kind) return [notSupported(path.child('kind'), subject.kind, kinds)];
  const foreign = OTHERS[kind].filter((other) => subject[FIELDS[other]] !== undefined);
  return [
    ...validateOwn(subject, kind, path),
    ...foreign.map((other) => {
      const field = FIELDS[other];
      return forbidden(path.child(field), `${field} is forbidden when subject kind is not '${other}'`);
    }),
  ];
}

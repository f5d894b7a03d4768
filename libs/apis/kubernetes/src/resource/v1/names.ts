import {
  DNS_SUBDOMAIN_MAX,
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isCIdentifier,
  isDns1123Label,
  isDns1123Subdomain,
  required,
  tooLong,
} from '@binnacle/machinery-validation';
import { validateDriverName } from '../../core/v1/csi-driver-name.js';

const MAX_ID = 32;
const UUID_LENGTH = 36;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NORMAL =
  'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters';

export function validateLabelName(name = '', path: FieldPath): FieldError[] {
  return invalidEach(path, name, isDns1123Label(name));
}

/** Names with slashes between them: a pool is often called after its node. */
export function validatePoolName(name: string | undefined, path: FieldPath): FieldError[] {
  if (!name) return [required(path)];
  const long = name.length > DNS_SUBDOMAIN_MAX ? [tooLong(path, DNS_SUBDOMAIN_MAX)] : [];
  return [...long, ...name.split('/').flatMap((part) => invalidEach(path, part, isDns1123Subdomain(part)))];
}

function validateId(id: string, path: FieldPath): FieldError[] {
  const long = id.length > MAX_ID ? [tooLong(path, MAX_ID)] : [];
  return [...long, ...invalidEach(path, id, isCIdentifier(id))];
}

/** An identifier, with the domain of whoever defined it where that is not the driver. */
export function validateQualifiedName(name: string, path: FieldPath): FieldError[] {
  const [first = '', second, ...more] = name.split('/');
  if (second === undefined) return validateId(first, path);
  // Upstream lets a name with more slashes pass.
  if (more.length > 0) return [];
  return [
    ...(first ? validateDriverName(first, path) : [invalid(path, '', 'the domain must not be empty')]),
    ...(second ? validateId(second, path) : [invalid(path, '', 'the name must not be empty')]),
  ];
}

export function validateFullyQualifiedName(name: string, path: FieldPath): FieldError[] {
  const why = 'a fully qualified name must be a domain and a name separated by a slash';
  return [...validateQualifiedName(name, path), ...(name.includes('/') ? [] : [invalid(path, name, why)])];
}

export function validateUid(uid: string, path: FieldPath): FieldError[] {
  if (uid.length !== UUID_LENGTH)
    return [invalid(path, uid, `error validating uid: invalid UUID length: ${uid.length}`)];
  if (!UUID.test(uid)) return [invalid(path, uid, 'error validating uid: invalid UUID format')];
  return uid === uid.toLowerCase() ? [] : [invalid(path, uid, NORMAL)];
}

import {
  type FieldError,
  fieldPath,
  invalid,
  invalidEach,
  isConfigMapKey,
  required,
  tooLong,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { base64Bytes, MAX_DATA_BYTES, validateFrozen, eachEntry, validateMeta } from '@binnacle/apis-registry';
import { ACCOUNT_NAME_ANNOTATION, TOKEN_SECRET_TYPE } from '../../../tokens/index.js';
import type { Secret } from '../index.js';

const DATA = fieldPath('data');
const REDACTED = '<secret contents redacted>';

function decode(base64: string): string {
  return new TextDecoder().decode(Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)));
}

/** The parse error of Go's encoding/json is not ours to give; what is wrong is said all the same. */
function validateJson(secret: Secret, key: string): FieldError[] {
  const value = secret.data?.[key];
  if (value === undefined) return [required(DATA.key(key))];
  try {
    const parsed: unknown = JSON.parse(decode(value));
    if (parsed === null || (typeof parsed === 'object' && !Array.isArray(parsed))) return [];
  } catch {
    return [invalid(DATA.key(key), REDACTED, 'must be well-formed JSON')];
  }
  return [invalid(DATA.key(key), REDACTED, 'must be a JSON object')];
}

function requireKeys(secret: Secret, ...keys: string[]): FieldError[] {
  return keys.filter((key) => secret.data?.[key] === undefined).map((key) => required(DATA.key(key)));
}

const TYPE_RULES = new Map<string, (secret: Secret) => FieldError[]>(
  Object.entries({
    [TOKEN_SECRET_TYPE]: ({ metadata }) =>
      metadata.annotations?.[ACCOUNT_NAME_ANNOTATION]
        ? []
        : [required(fieldPath('metadata', 'annotations').key(ACCOUNT_NAME_ANNOTATION))],
    'kubernetes.io/dockercfg': (secret) => validateJson(secret, '.dockercfg'),
    'kubernetes.io/dockerconfigjson': (secret) => validateJson(secret, '.dockerconfigjson'),
    'kubernetes.io/basic-auth': (secret) => {
      const missing = requireKeys(secret, 'username', 'password');
      return missing.length === 2 ? missing : [];
    },
    'kubernetes.io/ssh-auth': ({ data }) => (data?.['ssh-privatekey'] ? [] : [required(DATA.key('ssh-privatekey'))]),
    'kubernetes.io/tls': (secret) => requireKeys(secret, 'tls.crt', 'tls.key'),
  }),
);

/** Behaves as kubernetes ValidateSecret. */
export function validateSecret(secret: Secret): FieldError[] {
  const size = Object.values(secret.data ?? {}).reduce((sum, value) => sum + base64Bytes(value ?? ''), 0);
  return [
    ...validateMeta(secret, true),
    ...eachEntry(secret.data, DATA, (key, _value, at) => invalidEach(at, key, isConfigMapKey(key))),
    ...(size > MAX_DATA_BYTES ? [tooLong(DATA, MAX_DATA_BYTES)] : []),
    ...(TYPE_RULES.get(secret.type ?? '')?.(secret) ?? []),
  ];
}

export function validateSecretUpdate(next: Secret, old: Secret): FieldError[] {
  return [...validateImmutable(next.type, old.type, fieldPath('type')), ...validateFrozen(next, old, ['data'])];
}

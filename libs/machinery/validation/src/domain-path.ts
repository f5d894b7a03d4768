import { type FieldError, invalid, invalidEach, required } from './field-error.js';
import { patternMessage } from './messages.js';
import { isDns1123Subdomain } from './names.js';
import type { FieldPath } from './path.js';

const HTTP_PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

/** A name that somebody's domain vouches for: `example.com/controller`. Behaves as apimachinery IsDomainPrefixedPath. */
export function validateDomainPrefixedPath(value: string, path: FieldPath): FieldError[] {
  if (value === '') return [required(path)];
  const slash = value.indexOf('/');
  const [host, rest] = [value.slice(0, Math.max(slash, 0)), value.slice(slash + 1)];
  if (!host || !rest) return [invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const errors = invalidEach(path, host, isDns1123Subdomain(host));
  if (new RegExp(`^${HTTP_PATH}$`).test(rest)) return errors;
  return [...errors, invalid(path, rest, patternMessage('Invalid path', HTTP_PATH))];
}

import { quote } from '@binnacle/machinery-meta';
import {
  DNS_SUBDOMAIN_MAX,
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isDns1123Label,
  isDns1123Subdomain,
  required,
  tooLong,
} from '@binnacle/machinery-validation';

const FORM = "must be a fully qualified domain and path of the form 'example.com/signer-name'";
const MAX_PATH = 571;

/** The first label that is wrong, and how. */
function validateLabels(text: string, check: (label: string) => string[], path: FieldPath): FieldError[] {
  const wrong = text.split('.').find((label) => check(label).length > 0);
  if (wrong === undefined) return [];
  return invalidEach(
    path,
    text,
    check(wrong).map((why) => `validating label ${quote(wrong)}: ${why}`),
  );
}

/** Behaves as kubernetes pkg/apis/core/validation ValidateSignerName. */
export function validateSignerName(name: string | undefined, path: FieldPath): FieldError[] {
  if (!name) return [required(path)];
  const [domain = '', rest, ...more] = name.split('/');
  if (rest === undefined || more.length > 0) return [invalid(path, name, FORM)];
  const alone = !domain.includes('.');
  return [
    ...(domain.length > DNS_SUBDOMAIN_MAX ? [tooLong(path, DNS_SUBDOMAIN_MAX)] : []),
    ...validateLabels(domain, isDns1123Label, path),
    ...(alone ? [invalid(path, domain, 'should be a domain with at least two segments separated by dots')] : []),
    ...validateLabels(rest, isDns1123Subdomain, path),
    ...(name.length > MAX_PATH ? [tooLong(path, MAX_PATH)] : []),
  ];
}

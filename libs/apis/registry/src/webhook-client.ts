import { quote } from '@binnacle/machinery-meta';
import {
  type FieldError,
  type FieldPath,
  invalid,
  isDns1123Subdomain,
  isPortNumber,
  required,
} from '@binnacle/machinery-validation';

/** A Service that answers calls of the API server. */
interface ServiceReference {
  readonly namespace?: string;
  readonly name?: string;
  readonly path?: string;
  readonly port?: number;
}

const FORM = '; desired format: https://host[/path]';

interface UrlParts {
  readonly scheme: string;
  readonly user: string | undefined;
  readonly host: string;
  readonly query: string;
  readonly fragment: string;
}

/** The parts of a URL, taken apart as Go does; undefined where it is none. */
function urlParts(text: string): UrlParts | undefined {
  if (/[\p{Cc}]/u.test(text) || /%(?![0-9a-fA-F]{2})/.test(text) || text.startsWith(':')) return undefined;
  const match = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/s.exec(text);
  if (!match) return undefined;
  const [, scheme = '', authority = '', query = '', fragment = ''] = match;
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  if (!/^(?:\[[^\]]*\]|[^:\s<>"^`{|}\\]*)(?::\d*)?$/.test(host)) return undefined;
  return { scheme, user: at >= 0 ? authority.slice(0, at) : undefined, host, query, fragment };
}

/** What Go says of a text that is no URL, as near as matters. */
function urlProblem(text: string): string {
  const [escape] = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(text) ?? [];
  if (escape !== undefined) return `invalid URL escape ${quote(escape)}`;
  if (/[\p{Cc}]/u.test(text)) return 'net/url: invalid control character in URL';
  return text.startsWith(':') ? 'missing protocol scheme' : 'invalid host name';
}

/** Behaves as kubernetes apiserver pkg/util/webhook ValidateWebhookURL, which insists on https here. */
export function validateWebhookUrl(text: string, path: FieldPath): FieldError[] {
  const parts = urlParts(text);
  if (!parts) return [required(path, `url must be a valid URL: parse ${quote(text)}: ${urlProblem(text)}${FORM}`)];
  const { scheme, user, host, query, fragment } = parts;
  const errors: FieldError[] = [];
  if (scheme !== 'https') errors.push(invalid(path, scheme, `'https' is the only allowed URL scheme${FORM}`));
  if (host === '') errors.push(invalid(path, host, `host must be specified${FORM}`));
  if (user !== undefined) errors.push(invalid(path, user, 'user information is not permitted in the URL'));
  if (fragment !== '') errors.push(invalid(path, fragment, 'fragments are not permitted in the URL'));
  if (query !== '') errors.push(invalid(path, query, 'query parameters are not permitted in the URL'));
  return errors;
}

function validateSegments(urlPath: string, path: FieldPath): FieldError[] {
  const steps = urlPath.slice(1).replace(/\/$/, '').split('/');
  return steps.flatMap((step, index) => {
    if (step === '') return [invalid(path, urlPath, `segment[${index}] may not be empty`)];
    return isDns1123Subdomain(step).map((complaint) => invalid(path, urlPath, `segment[${index}]: ${complaint}`));
  });
}

function validateServicePath(urlPath: string | undefined, path: FieldPath): FieldError[] {
  if (!urlPath || urlPath === '/') return [];
  if (urlPath === '//') return [invalid(path, urlPath, 'segment[0] may not be empty')];
  const start = urlPath.startsWith('/') ? [] : [invalid(path, urlPath, "must start with a '/'")];
  return [...start, ...validateSegments(urlPath, path)];
}

/** Behaves as kubernetes apiserver pkg/util/webhook ValidateWebhookService. */
export function validateWebhookService(service: ServiceReference, path: FieldPath): FieldError[] {
  const { namespace, name, port = 0 } = service;
  // Upstream hands name and namespace over in the wrong order, so that the error of one names the other.
  const errors = [
    ...(namespace ? [] : [required(path.child('name'))]),
    ...(name ? [] : [required(path.child('namespace'))]),
  ];
  const complaints = isPortNumber(port);
  if (complaints.length > 0) {
    errors.push(invalid(path.child('port'), port, `port is not valid: ${complaints.join(', ')}`));
  }
  return [...errors, ...validateServicePath(service.path, path.child('path'))];
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/;

/** Whether a bundle, base64 of PEM, holds a certificate. */
export function isCaBundle(bundle: string): boolean {
  try {
    return CERTIFICATE.test(atob(bundle));
  } catch {
    return false;
  }
}

export function validateCaBundle(bundle: string, path: FieldPath): FieldError[] {
  if (isCaBundle(bundle)) return [];
  return [invalid(path, bundle, 'unable to load root certificates: unable to parse bytes as PEM block')];
}

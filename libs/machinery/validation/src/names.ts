import { maxLength, MUST_NOT_BE_EMPTY, patternMessage } from './messages.js';

// Behaves as kubernetes apimachinery pkg/util/validation: each check answers what is wrong, one sentence each.

const DNS1123_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const DNS1123_SUBDOMAIN = `${DNS1123_LABEL}(\\.${DNS1123_LABEL})*`;
const DNS1035_LABEL = '[a-z]([-a-z0-9]*[a-z0-9])?';
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;
const QUALIFIED_MESSAGE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

export const DNS_LABEL_MAX = 63;
export const DNS_SUBDOMAIN_MAX = 253;
export const LABEL_VALUE_MAX = 63;

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`);
const label = whole(DNS1123_LABEL);
const subdomain = whole(DNS1123_SUBDOMAIN);
const UNDERSCORED_LABEL = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const UNDERSCORED_SUBDOMAIN = `${UNDERSCORED_LABEL}(\\.${UNDERSCORED_LABEL})*`;
const underscored = whole(UNDERSCORED_SUBDOMAIN);
const label1035 = whole(DNS1035_LABEL);
const wildcard = whole(`\\*\\.${DNS1123_SUBDOMAIN}`);
const qualified = whole(QUALIFIED);
const labelValue = whole(LABEL_VALUE);

const tooLong = (value: string, most: number): string[] => (value.length > most ? [maxLength(most)] : []);
/** Upstream counts characters of DNS names, but bytes of labels. */
const tooManyBytes = (value: string, most: number): string[] =>
  value.length > most ? [`must be no more than ${most} bytes`] : [];

export function isDns1123Label(value: string): string[] {
  const complaints = tooLong(value, DNS_LABEL_MAX);
  if (label.test(value)) return complaints;
  if (subdomain.test(value)) return [...complaints, 'must not contain dots'];
  const message =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  return [...complaints, patternMessage(message, DNS1123_LABEL, 'my-name', '123-abc')];
}

export function isDns1123Subdomain(value: string): string[] {
  const complaints = tooLong(value, DNS_SUBDOMAIN_MAX);
  if (subdomain.test(value)) return complaints;
  const message =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [...complaints, patternMessage(message, DNS1123_SUBDOMAIN, 'example.com')];
}

/** As names of services are looked up: `_http._tcp.example.com`. */
export function isDns1123SubdomainWithUnderscore(value: string): string[] {
  const complaints = tooLong(value, DNS_SUBDOMAIN_MAX);
  if (underscored.test(value)) return complaints;
  const message =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character";
  return [...complaints, patternMessage(message, UNDERSCORED_SUBDOMAIN, 'example.com')];
}

export function isDns1035Label(value: string): string[] {
  const complaints = tooLong(value, DNS_LABEL_MAX);
  if (label1035.test(value)) return complaints;
  const message =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
  return [...complaints, patternMessage(message, DNS1035_LABEL, 'my-name', 'abc-123')];
}

export function isWildcardDns1123Subdomain(value: string): string[] {
  const complaints = tooLong(value, DNS_SUBDOMAIN_MAX);
  if (wildcard.test(value)) return complaints;
  const message =
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";
  return [...complaints, patternMessage(message, `\\*\\.${DNS1123_SUBDOMAIN}`, '*.example.com')];
}

const qualifiedMessage = (): string => patternMessage(QUALIFIED_MESSAGE, QUALIFIED, 'MyName', 'my.name', '123-abc');

function prefixComplaints(prefix: string): string[] {
  if (prefix === '') return [`prefix part ${MUST_NOT_BE_EMPTY}`];
  return isDns1123Subdomain(prefix).map((complaint) => `prefix part ${complaint}`);
}

/** A label key, an annotation key in lower case, a finalizer, a resource name: `[example.com/]My.name`. */
export function isQualifiedName(value: string): string[] {
  if (value.length <= DNS_LABEL_MAX && qualified.test(value)) return [];
  const parts = value.split('/');
  if (parts.length > 2) {
    const suffix = "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
    return [`a valid label key ${qualifiedMessage()} ${suffix}`];
  }
  const name = parts.at(-1) ?? '';
  const complaints = parts.length === 2 ? prefixComplaints(parts[0] ?? '') : [];
  if (name === '') complaints.push(`name part ${MUST_NOT_BE_EMPTY}`);
  else complaints.push(...tooManyBytes(name, DNS_LABEL_MAX).map((complaint) => `name part ${complaint}`));
  if (!qualified.test(name)) complaints.push(`name part ${qualifiedMessage()}`);
  return complaints;
}

export function isLabelValue(value: string): string[] {
  const complaints = tooManyBytes(value, LABEL_VALUE_MAX);
  if (labelValue.test(value)) return complaints;
  const message = `a valid label must be an empty string or ${QUALIFIED_MESSAGE.replace(/^must /, '')}`;
  return [...complaints, patternMessage(message, LABEL_VALUE, 'MyValue', 'my_value', '12345')];
}

/** What may stand in a path: kinds whose names are not DNS names (roles, for one) still obey this. */
export function isPathSegmentName(name: string): string[] {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
}

/** Says what is wrong with a name; `prefix` tells that characters will be appended to it. */
export type NameCheck = (name: string, prefix: boolean) => string[];

/** Upstream judges a prefix that ends in a dash as if it ended in a letter, one character shorter. */
const maskTrailingDash = (name: string): string =>
  name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;

const nameCheck =
  (check: (value: string) => string[]): NameCheck =>
  (name, prefix) =>
    check(prefix ? maskTrailingDash(name) : name);

export const nameIsDnsSubdomain: NameCheck = nameCheck(isDns1123Subdomain);
/** The same as upstream's declarative validation says it, which counts bytes. */
export const nameIsLongName: NameCheck = (name, prefix) => {
  const [first = '', ...others] = nameIsDnsSubdomain(name, prefix);
  return first === maxLength(DNS_SUBDOMAIN_MAX)
    ? [...tooManyBytes(name, DNS_SUBDOMAIN_MAX), ...others]
    : nameIsDnsSubdomain(name, prefix);
};
export const nameIsDnsLabel: NameCheck = nameCheck(isDns1123Label);
export const nameIsDns1035Label: NameCheck = nameCheck(isDns1035Label);
export const nameIsPathSegment: NameCheck = (name, prefix) =>
  prefix
    ? isPathSegmentName(name).filter((complaint) => complaint.startsWith('may not contain'))
    : isPathSegmentName(name);

import { inclusiveRange, maxLength, MUST_NOT_BE_EMPTY, patternMessage } from './messages.js';
import { DNS_SUBDOMAIN_MAX } from './names.js';

const PERCENT = '[0-9]+%';
const HTTP_HEADER = '[-A-Za-z0-9]+';
const CONFIG_KEY = '[-._a-zA-Z0-9]+';
const C_IDENTIFIER = '[A-Za-z_][A-Za-z0-9_]*';
const CONDITION_REASON = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const MAX_INT32 = 2_147_483_647;
const PORT_NAME_MAX = 15;

const matches = (value: string, pattern: string): boolean => new RegExp(`^${pattern}$`).test(value);

export function isInRange(value: number, low: number, high: number): string[] {
  return value >= low && value <= high ? [] : [inclusiveRange(low, high)];
}

export function isPortNumber(port: number): string[] {
  return isInRange(port, 1, 65_535);
}

/** IANA_SVC_NAME: what a container port, a Service port or a probe may be called. */
export function isPortName(name: string): string[] {
  const complaints: string[] = name.length > PORT_NAME_MAX ? [maxLength(PORT_NAME_MAX)] : [];
  if (!/^[-a-z0-9]+$/.test(name)) {
    complaints.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(name)) complaints.push('must contain at least one letter (a-z)');
  if (name.includes('--')) complaints.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) complaints.push('must not begin or end with a hyphen');
  return complaints;
}

export function isUserId(id: number): string[] {
  return isInRange(id, 0, MAX_INT32);
}

export function isPercent(value: string): string[] {
  if (matches(value, PERCENT)) return [];
  const message = "a valid percent string must be a numeric string followed by an ending '%'";
  return [patternMessage(message, PERCENT, '1%', '93%')];
}

export function isHttpHeaderName(value: string): string[] {
  if (matches(value, HTTP_HEADER)) return [];
  const message = "a valid HTTP header must consist of alphanumeric characters or '-'";
  return [patternMessage(message, HTTP_HEADER, 'X-Header-Name')];
}

export function isCIdentifier(value: string): string[] {
  if (matches(value, C_IDENTIFIER)) return [];
  const message =
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'";
  return [patternMessage(message, C_IDENTIFIER, 'my_name', 'MY_NAME', 'MyName')];
}

/** Any printable ASCII but `=`, as since 1.34. */
export function isEnvVarName(value: string): string[] {
  const complaints = value === '' ? [`environment variable name ${MUST_NOT_BE_EMPTY}`] : [];
  if (/^[\x20-\x3c\x3e-\x7e]*$/.test(value)) return complaints;
  const message = "a valid environment variable name must consist only of printable ASCII characters other than '='";
  return [...complaints, message];
}

function parentFolder(value: string): string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
}

/** A key of a ConfigMap or Secret, which becomes a file name. */
export function isConfigMapKey(value: string): string[] {
  const complaints = value.length > DNS_SUBDOMAIN_MAX ? [maxLength(DNS_SUBDOMAIN_MAX)] : [];
  if (!matches(value, CONFIG_KEY)) {
    const message = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
    complaints.push(patternMessage(message, CONFIG_KEY, 'key.name', 'KEY_NAME', 'key-name'));
  }
  return [...complaints, ...parentFolder(value)];
}

export function isConditionReason(value: string): string[] {
  if (matches(value, CONDITION_REASON)) return [];
  const message =
    "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";
  return [
    patternMessage(message, CONDITION_REASON, 'my_name', 'MY_NAME', 'MyName', 'ReasonA,ReasonB', 'ReasonA:ReasonB'),
  ];
}

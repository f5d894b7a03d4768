import { isDns1123Label, isDns1123Subdomain, parseCidr, parseIp } from '@binnacle/machinery-validation';
import { compilePattern } from '../schema/regex.js';
import type { JsonSchema } from '../schema/types.js';
import { isCreditCard, isIsbn10, isIsbn13 } from './check-digits.js';
import { isDuration } from './durations.js';

type Test = (text: string) => boolean;

const like =
  (pattern: RegExp): Test =>
  (text) =>
    pattern.test(text);

const uuid = (version: string, variant: string): Test =>
  like(new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i'));

const HOSTNAME =
  '^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$';
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;

function isHostname(text: string): boolean {
  if (bytesOf(text) > 255 || !compilePattern(HOSTNAME).matches(text)) return false;
  return text.split('.').every((label) => bytesOf(label) <= 63);
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

function daysOf(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function isDate(text: string): boolean {
  const [, year = 0, month = 0, day = 0] = DATE.exec(text)?.map(Number) ?? [];
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

const TIME = /^(\d{2}):(\d{2}):(\d{2})(?:.\d+)?(?:z|[+-]\d{2}:\d{2})$/;

function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t');
  const [, hours = '', minutes = '', seconds = ''] = TIME.exec(time) ?? [];
  return isDate(date) && hours !== '' && hours <= '23' && minutes <= '59' && seconds <= '59';
}

/** Go's url.ParseRequestURI: an absolute URL, or an absolute path. */
function isRequestUri(text: string): boolean {
  if (/[\p{Cc} ]/u.test(text) || /%(?![0-9a-fA-F]{2})/.test(text)) return false;
  if (text.startsWith('/')) return true;
  const [, scheme, rest = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):(.*)$/.exec(text) ?? [];
  if (scheme === undefined) return false;
  return !rest.startsWith('//') || isAuthority(/^[^/?#]*/.exec(rest.slice(2))?.[0] ?? '');
}

function isAuthority(text: string): boolean {
  const host = text.slice(text.lastIndexOf('@') + 1);
  if (host.startsWith('[')) return /^\[[^\]]+\](:\d*)?$/.test(host);
  return /^[^:<>"[\]^`{|}\\]*(:\d*)?$/.test(host);
}

/** An address as Go's mail.ParseAddress takes it, with or without a name before it. */
function isEmail(text: string): boolean {
  if (text.length > 1000) return false;
  const address = /^[^<>]*<([^<>]+)>\s*$/.exec(text)?.[1] ?? text.trim();
  const at = address.lastIndexOf('@');
  return isLocalPart(address.slice(0, Math.max(at, 0))) && isDomain(address.slice(at + 1)) && at > 0;
}

const ATOM = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\uffff-]+$/;
const isAtoms = (text: string): boolean => text.split('.').every((atom) => ATOM.test(atom));
const isLocalPart = (text: string): boolean => /^"(?:[^"\\\r\n]|\\.)*"$/.test(text) || isAtoms(text);
const isDomain = (text: string): boolean => /^\[[^[\]\\]+\]$/.test(text) || isAtoms(text);

const MAC = [
  /^[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}$/i,
  /^[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){6}[0-9a-f]{2}$/i,
  /^[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){18}[0-9a-f]{2}$/i,
  /^[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}$/i,
  /^[0-9a-f]{4}(?:\.[0-9a-f]{4}){3}$/i,
  /^[0-9a-f]{4}(?:\.[0-9a-f]{4}){9}$/i,
];
const BYTE = '(?:0|[1-9]\\d?|1\\d\\d?|2[0-4]\\d|25[0-5])';

/** By name without dashes, as upstream looks them up. */
const FORMATS: Readonly<Record<string, Test>> = {
  bsonobjectid: like(/^[0-9a-f]{24}$/i),
  uri: isRequestUri,
  email: isEmail,
  hostname: isHostname,
  ipv4: (text) => parseIp(text) !== undefined && text.includes('.'),
  ipv6: (text) => parseIp(text) !== undefined && text.includes(':'),
  cidr: (text) => parseCidr(text) !== undefined,
  mac: (text) => MAC.some((pattern) => pattern.test(text)),
  uuid: uuid('[0-9a-f]', '[0-9a-f]'),
  uuid3: uuid('3', '[0-9a-f]'),
  uuid4: uuid('4', '[89ab]'),
  uuid5: uuid('5', '[89ab]'),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: (text) => text.length === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: like(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: like(new RegExp(`^rgb\\(\\s*${BYTE}\\s*,\\s*${BYTE}\\s*,\\s*${BYTE}\\s*\\)$`)),
  byte: (text) => text !== '' && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text),
  password: () => true,
  date: isDate,
  duration: isDuration,
  datetime: isDateTime,
  k8sshortname: (text) => isDns1123Label(text).length === 0,
  k8slongname: (text) => isDns1123Subdomain(text).length === 0,
};

const NUMERIC: Readonly<Record<string, readonly string[]>> = {
  integer: ['int32', 'int64'],
  number: ['float', 'double'],
};

const normal = (format: string): string => format.replaceAll('-', '');

/** Whether upstream checks such a format on that type; the others say nothing. */
export function isRecognizedFormat(type: string | undefined, format: string): boolean {
  if (!type || type === 'string') return Object.hasOwn(FORMATS, normal(format));
  return NUMERIC[type]?.includes(format) ?? false;
}

/** The format a value is held to; empty where it is none that is checked. */
export function formatOf({ type, format = '', ...schema }: JsonSchema): string {
  const single = schema['x-kubernetes-int-or-string'] ? '' : type;
  return format !== '' && isRecognizedFormat(single, format) ? format : '';
}

/** Whether a text is of that format; undefined where it is no format of texts. */
export function isOfFormat(format: string, text: string): boolean | undefined {
  const name = normal(format);
  return Object.hasOwn(FORMATS, name) ? FORMATS[name]?.(text) : undefined;
}

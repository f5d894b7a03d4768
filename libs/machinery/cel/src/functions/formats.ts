import {
  isLabelValue,
  isQualifiedName,
  nameIsDns1035Label,
  nameIsDnsLabel,
  nameIsDnsSubdomain,
} from '@binnacle/machinery-validation';
import {
  ArrayList,
  decodeBase64,
  type Meter,
  type Opaque,
  Optional,
  parseDate,
  parseTimestamp,
  type Value,
} from '../values/index.js';
import { global, method, type Overload } from './overload.js';
import { readUrl } from './urls.js';

type Check = (text: string) => string[];

/** A named format that texts may have. */
export class Format implements Opaque {
  readonly typeName = 'kubernetes.NamedFormat';

  constructor(
    readonly name: string,
    /** The length of a regular expression for it, which costs count with. */
    readonly regexSize: number,
    readonly check: Check,
  ) {}

  equals(other: Opaque): boolean | undefined {
    return other instanceof Format ? other.name === this.name : undefined;
  }
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

const saying =
  (complaint: string, holds: (text: string) => boolean): Check =>
  (text) =>
    holds(text) ? [] : [complaint];

const isBase64 = (text: string): boolean => text !== '' && !/[-_\r\n]/.test(text) && decodeBase64(text) !== undefined;

function checkUri(text: string): string[] {
  const url = readUrl(text);
  return typeof url === 'string' ? [url] : [];
}

const named = (name: string, size: number, check: Check): Format => new Format(name, size, check);

const FORMATS: Readonly<Record<string, Format>> = {
  dns1123Label: named('DNS1123Label', 30, (text) => nameIsDnsLabel(text, false)),
  dns1123Subdomain: named('DNS1123Subdomain', 60, (text) => nameIsDnsSubdomain(text, false)),
  dns1035Label: named('DNS1035Label', 30, (text) => nameIsDns1035Label(text, false)),
  qualifiedName: named('QualifiedName', 60, isQualifiedName),
  dns1123LabelPrefix: named('DNS1123LabelPrefix', 30, (text) => nameIsDnsLabel(text, true)),
  dns1123SubdomainPrefix: named('DNS1123SubdomainPrefix', 60, (text) => nameIsDnsSubdomain(text, true)),
  dns1035LabelPrefix: named('DNS1035LabelPrefix', 30, (text) => nameIsDns1035Label(text, true)),
  labelValue: named('LabelValue', 40, isLabelValue),
  uri: named('URI', 1103, checkUri),
  uuid: named(
    'uuid',
    70,
    saying('does not match the UUID format', (text) => UUID.test(text)),
  ),
  byte: named('byte', 84, saying('invalid base64', isBase64)),
  date: named(
    'date',
    71,
    saying('invalid date', (text) => parseDate(text) !== undefined),
  ),
  datetime: named(
    'datetime',
    71,
    saying('invalid datetime', (text) => parseTimestamp(text.toUpperCase()) !== undefined),
  ),
};

function validate(format: Format, text: string, meter: Meter): Value {
  meter.work(text.length);
  const complaints = format.check(text);
  return complaints.length === 0 ? Optional.none : Optional.of(new ArrayList(complaints));
}

function byName(name: string): Value {
  const format = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  return format ? Optional.of(format) : Optional.none;
}

export const NAMED_FORMATS: readonly Overload[] = [
  ...Object.entries(FORMATS).map(([name, format]) =>
    global(`format.${name}`, `format.${name}() kubernetes.NamedFormat`, () => format),
  ),
  global('format-named', 'format.named(string) optional_type(kubernetes.NamedFormat)', byName),
  method('format-validate', 'validate(kubernetes.NamedFormat, string) optional_type(list(string))', validate),
];

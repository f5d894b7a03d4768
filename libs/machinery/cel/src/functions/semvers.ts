import { quote } from '@binnacle/machinery-meta';
import { CelError, isError, type Opaque, type Value } from '../values/index.js';
import { global, method, type Overload } from './overload.js';

const MAX_UINT = 2n ** 64n - 1n;

/** A version of semver 2.0. Builds have no precedence. */
export class Semver implements Opaque {
  readonly typeName = 'kubernetes.Semver';

  constructor(
    readonly core: readonly [major: bigint, minor: bigint, patch: bigint],
    readonly pre: readonly string[],
    readonly build: readonly string[],
  ) {}

  equals(other: Opaque): boolean | undefined {
    return other instanceof Semver ? compareVersions(this, other) === 0 : undefined;
  }

  toString(): string {
    const pre = this.pre.length > 0 ? `-${this.pre.join('.')}` : '';
    return this.core.join('.') + pre + (this.build.length > 0 ? `+${this.build.join('.')}` : '');
  }
}

const sign = (less: boolean, more: boolean): number => (less ? -1 : Number(more));
const isNumeric = (part: string): boolean => /^\d+$/.test(part);

function comparePre(left: string, right: string): number {
  const numeric = [isNumeric(left), isNumeric(right)];
  if (numeric[0] !== numeric[1]) return numeric[0] ? -1 : 1;
  if (!numeric[0]) return sign(left < right, left > right);
  return sign(BigInt(left) < BigInt(right), BigInt(left) > BigInt(right));
}

function compareVersions(left: Semver, right: Semver): number {
  for (const [index, part] of left.core.entries()) {
    const other = right.core[index] ?? 0n;
    if (part !== other) return part < other ? -1 : 1;
  }
  if (left.pre.length === 0 || right.pre.length === 0)
    return sign(left.pre.length > right.pre.length, left.pre.length < right.pre.length);
  for (let index = 0; index < Math.min(left.pre.length, right.pre.length); index += 1) {
    const order = comparePre(left.pre[index] ?? '', right.pre[index] ?? '');
    if (order !== 0) return order;
  }
  return Math.sign(left.pre.length - right.pre.length);
}

class SemverError extends Error {}

const ALPHANUMERIC = /^[0-9A-Za-z-]+$/;

function readNumber(text: string, name: string): bigint {
  if (text === '') throw new SemverError('strconv.ParseUint: parsing "": invalid syntax');
  if (!isNumeric(text)) throw new SemverError(`Invalid character(s) found in ${name} number ${quote(text)}`);
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  if (/^0\d/.test(text)) throw new SemverError(`${title} number must not contain leading zeroes ${quote(text)}`);
  const value = BigInt(text.slice(0, 21));
  if (value > MAX_UINT || text.length > 20) {
    throw new SemverError(`strconv.ParseUint: parsing ${quote(text)}: value out of range`);
  }
  return value;
}

function readPre(text: string): string {
  if (text === '') throw new SemverError('Prerelease is empty');
  if (/^0\d+$/.test(text)) {
    throw new SemverError(`Numeric PreRelease version must not contain leading zeroes ${quote(text)}`);
  }
  if (!ALPHANUMERIC.test(text)) throw new SemverError(`Invalid character(s) found in prerelease ${quote(text)}`);
  return text;
}

function readBuild(text: string): string {
  if (text === '') throw new SemverError('Build meta data is empty');
  if (!ALPHANUMERIC.test(text)) throw new SemverError(`Invalid character(s) found in build meta data ${quote(text)}`);
  return text;
}

function cut(text: string, mark: string): [before: string, after: readonly string[]] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, []] : [text.slice(0, at), text.slice(at + 1).split('.')];
}

function splitCore(text: string): [string, string, string] {
  const [major = '', minor, ...rest] = text.split('.');
  if (minor === undefined || rest.length === 0) throw new SemverError('No Major.Minor.Patch elements found');
  return [major, minor, rest.join('.')];
}

function parse(text: string): Semver {
  if (text === '') throw new SemverError('Version string empty');
  const [majorText, minorText, rest] = splitCore(text);
  const [major, minor] = [readNumber(majorText, 'major'), readNumber(minorText, 'minor')];
  const [beforeBuild, build] = cut(rest, '+');
  const [patchText, pre] = cut(beforeBuild, '-');
  const patch = readNumber(patchText, 'patch');
  return new Semver([major, minor, patch], pre.map(readPre), build.map(readBuild));
}

function withoutZeros(part: string): string {
  if (part.length < 2) return part;
  const rest = part.replace(/^0+/, '');
  return /^\d/.test(rest) ? rest : `0${rest}`;
}

/** Without a `v` in front, with zeros for what is missing and without leading ones. */
function normalize(text: string): string {
  const [major = '', minor, ...rest] = text.replace(/^v/, '').split('.');
  const parts = [major, ...(minor === undefined ? [] : [minor]), ...(rest.length > 0 ? [rest.join('.')] : [])].map(
    withoutZeros,
  );
  if (parts.length < 3 && /[+-]/.test(parts.at(-1) ?? '')) {
    throw new SemverError('short version cannot contain PreRelease/Build meta data');
  }
  return [...parts, '0', '0'].slice(0, 3).join('.');
}

/** The version a text tells, as `semver(text, tolerant)`. */
export function toSemver(text: string, tolerant: boolean): Semver | CelError {
  try {
    return parse(tolerant ? normalize(text) : text);
  } catch (error) {
    if (error instanceof SemverError) return new CelError(error.message);
    throw error;
  }
}

const part =
  (index: 0 | 1 | 2) =>
  ({ core }: Semver): Value =>
    BigInt.asIntN(64, core[index]);

export const SEMVERS: readonly Overload[] = [
  global('string_to_semver', 'semver(string) kubernetes.Semver', (text: string) => toSemver(text, false)),
  global('string_bool_to_semver', 'semver(string, bool) kubernetes.Semver', toSemver),
  global('is_semver_string', 'isSemver(string) bool', (text: string) => !isError(toSemver(text, false))),
  global(
    'is_semver_string_bool',
    'isSemver(string, bool) bool',
    (text: string, tolerant: boolean) => !isError(toSemver(text, tolerant)),
  ),
  method(
    'semver_is_greater_than',
    'isGreaterThan(kubernetes.Semver, kubernetes.Semver) bool',
    (left: Semver, right: Semver) => compareVersions(left, right) > 0,
  ),
  method(
    'semver_is_less_than',
    'isLessThan(kubernetes.Semver, kubernetes.Semver) bool',
    (left: Semver, right: Semver) => compareVersions(left, right) < 0,
  ),
  method('semver_compare_to', 'compareTo(kubernetes.Semver, kubernetes.Semver) int', (left: Semver, right: Semver) =>
    BigInt(compareVersions(left, right)),
  ),
  method('semver_major', 'major(kubernetes.Semver) int', part(0)),
  method('semver_minor', 'minor(kubernetes.Semver) int', part(1)),
  method('semver_patch', 'patch(kubernetes.Semver) int', part(2)),
];

import type { Expr } from '../syntax/index.js';
import { type CelType, isSameType, parametersOf } from '../types/index.js';
import { LIST_CREATE, MAX_FORMAT_REGEX, MAX_FORMAT_SIZE, REGEX_LENGTH, STRING_TRAVERSAL } from './factors.js';
import { exactly, MOST, plus, type Range, scaled, times, UNKNOWN } from './range.js';

/** An argument as far as it is known before the evaluation. */
export interface Argument {
  readonly type: CelType;
  /** Where in the variables it comes from, as `['self', 'items', '@items']`; undefined where nobody knows. */
  readonly path: readonly string[] | undefined;
  readonly expr?: Expr;
  readonly size: Range | undefined;
}

export interface CallEstimate {
  readonly cost: Range;
  readonly size?: Range;
}

/** A call whose cost is asked for, without that of its arguments. */
export interface EstimatedCall {
  readonly name: string;
  readonly overload: string;
  readonly target: Argument | undefined;
  readonly args: readonly Argument[];
  /** The size of what stands at a path, as its type bounds it. */
  readonly sizeAt: (path: readonly string[] | undefined) => Range | undefined;
}

type Estimator = (call: EstimatedCall) => CallEstimate | undefined;

const ONE = exactly(1);
const one: Estimator = () => ({ cost: ONE });

const sizeOf = (call: EstimatedCall, argument: Argument | undefined): Range =>
  argument?.size ?? call.sizeAt(argument?.path) ?? UNKNOWN;

/** Costs as much as looking at a text so many times; `which` says at which. */
const traversing =
  (factor: number, which: (call: EstimatedCall) => Argument | undefined, keepsSize = false): Estimator =>
  (call) => {
    const argument = which(call);
    if (!argument) return undefined;
    const size = sizeOf(call, argument);
    return { cost: scaled(size, factor * STRING_TRAVERSAL), ...(keepsSize && { size }) };
  };

const first = ({ args }: EstimatedCall): Argument | undefined => args[0];
const target = (call: EstimatedCall): Argument | undefined => call.target;

/** The elements of a list, or undefined where it is none. */
function elementOf({ type, path }: Argument): Argument | undefined {
  const [element] = parametersOf(type);
  return element && { type: element, path: path && [...path, '@items'], size: undefined };
}

const isText = ({ type }: Argument): boolean => type.kind === 'string' || type.kind === 'bytes';

const searching: Estimator = (call) => {
  if (!call.target) return undefined;
  const element = elementOf(call.target);
  const size = sizeOf(call, call.target);
  if (!element) return { cost: scaled(size, STRING_TRAVERSAL) };
  const each = isText(element) ? plus(ONE, scaled(sizeOf(call, element), STRING_TRAVERSAL)) : ONE;
  return { cost: times(size, each) };
};

/** How often a text may be replaced and what stays of it, at one end: the most or the least. */
function replacements(size: number, part: number, keeps: boolean): { count: number; kept: number } {
  if (part === 0) return { count: Math.min(size + 1, MOST), kept: size };
  return keeps ? { count: 0, kept: size } : { count: Math.ceil(size / part), kept: 0 };
}

const replacing: Estimator = (call) => {
  const [part, by] = call.args;
  if (!call.target || !part || !by) return undefined;
  const [size, old, next] = [sizeOf(call, call.target), sizeOf(call, part), sizeOf(call, by)];
  const most = replacements(size.max, old.min, next.max <= old.min);
  const least = replacements(size.min, old.max, old.max <= next.min);
  const grown = times({ min: least.count, max: most.count }, next);
  return { cost: scaled(size, 2 * STRING_TRAVERSAL), size: plus(grown, { min: least.kept, max: most.kept }) };
};

function intLiteral(argument: Argument | undefined): number | undefined {
  const expr = argument?.expr;
  return expr?.kind === 'literal' && typeof expr.value === 'bigint' ? Number(expr.value) : undefined;
}

const splitting: Estimator = (call) => {
  if (!call.target) return undefined;
  const size = sizeOf(call, call.target);
  const limit = intLiteral(call.args[1]);
  const most = limit === undefined ? size.max : limit < 0 ? MOST + limit : limit;
  return { cost: scaled(size, 2 * STRING_TRAVERSAL), size: { min: 0, max: most } };
};

const joining: Estimator = (call) => {
  if (!call.target) return undefined;
  const size = sizeOf(call, call.target);
  const element = elementOf(call.target);
  const elements = element ? times(size, sizeOf(call, element)) : exactly(0);
  const gaps = { min: Math.max(size.min - 1, 0), max: Math.max(size.max - 1, 0) };
  const joined = call.args[0] ? plus(elements, times(sizeOf(call, call.args[0]), gaps)) : elements;
  return { cost: scaled(joined, STRING_TRAVERSAL), size: joined };
};

const finding: Estimator = (call) => {
  if (!call.target || !call.args[0]) return undefined;
  const size = sizeOf(call, call.target);
  const text = scaled(plus(size, ONE), STRING_TRAVERSAL);
  return { cost: times(text, scaled(sizeOf(call, call.args[0]), REGEX_LENGTH)), size: { min: 0, max: size.max } };
};

/** An address is four or sixteen bytes. */
const ADDRESS: Range = { min: 4, max: 16 };
const COMPARED = scaled(plus(ADDRESS, ADDRESS), STRING_TRAVERSAL);

const containing =
  (textOverload: string, base: Range): Estimator =>
  (call) => {
    if (!call.args[0]) return undefined;
    const text = call.overload === textOverload ? scaled(sizeOf(call, call.args[0]), STRING_TRAVERSAL) : exactly(0);
    return { cost: plus(base, text) };
  };

const addressOf: Estimator = (call) => (call.overload === 'cidr_ip' ? { cost: ONE } : traversing(1, first)(call));

const validating: Estimator = (call) => {
  const cost = scaled(sizeOf(call, call.args[0]), STRING_TRAVERSAL);
  return { cost: scaled(cost, MAX_FORMAT_REGEX * REGEX_LENGTH) };
};

const SMALL = new Set(['net.IP', 'net.CIDR', 'kubernetes.Quantity', 'kubernetes.Semver']);

/** Values of the libraries' types are compared at once. */
const equating: Estimator = ({ args: [left, right] }) => {
  if (!left || !right || !isSameType(left.type, right.type) || left.type.kind !== 'opaque') return undefined;
  if (SMALL.has(left.type.name)) return { cost: ONE };
  if (left.type.name === 'kubernetes.NamedFormat')
    return { cost: scaled({ min: 1, max: MAX_FORMAT_SIZE }, STRING_TRAVERSAL) };
  if (left.type.name !== 'kubernetes.URL') return undefined;
  return { cost: scaled({ min: 1, max: right.size?.max ?? 1 }, STRING_TRAVERSAL) };
};

function forAll(names: string, estimator: Estimator): Record<string, Estimator> {
  return Object.fromEntries(names.split(' ').map((name) => [name, estimator]));
}

/** By the function's name. Behaves as kubernetes apiserver pkg/cel/library EstimateCallCost. */
const BY_NAME: Readonly<Record<string, Estimator>> = {
  ...forAll('isSorted sum max min indexOf lastIndexOf', searching),
  url: traversing(1, first, true),
  ...forAll('lowerAscii upperAscii substring trim', traversing(1, target, true)),
  replace: replacing,
  split: splitting,
  join: joining,
  ...forAll('find findAll', finding),
  ...forAll('cidr isIP isCIDR quantity isQuantity semver isSemver', traversing(1, first)),
  ip: addressOf,
  'ip.isCanonical': traversing(2, first),
  ...forAll(
    'masked prefixLength family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast',
    one,
  ),
  containsIP: containing('cidr_contains_ip_string', COMPARED),
  containsCIDR: containing('cidr_contains_cidr_string', plus(plus(COMPARED, scaled(ADDRESS, STRING_TRAVERSAL)), ONE)),
  validate: validating,
  'format.named': one,
  ...forAll(
    'sign asInteger isInteger asApproximateFloat isGreaterThan isLessThan compareTo add sub major minor patch',
    one,
  ),
  ...forAll('getScheme getHostname getHost getPort getEscapedPath getQuery', one),
  '_==_': equating,
};

/** A call that makes a list of so many elements. */
const makingList = (factor: number, size: Range): CallEstimate => ({
  cost: plus(plus(scaled(size, factor), ONE), exactly(LIST_CREATE)),
  size,
});

const comparingAll =
  (factor: number, list: (call: EstimatedCall) => Argument | undefined): Estimator =>
  (call) => {
    const size = sizeOf(call, list(call));
    return makingList(factor, times(size, size));
  };

const ORDERED = 'bool bytes double google.protobuf.Duration int string google.protobuf.Timestamp uint'.split(' ');
const weight = (type: string): number => 2 + (type === 'string' || type === 'bytes' ? STRING_TRAVERSAL : 0);

const setOperation =
  (factor: number): Estimator =>
  (call) => ({ cost: plus(scaled(times(sizeOf(call, call.args[0]), sizeOf(call, call.args[1])), factor), ONE) });

const natural = (argument: Argument | undefined, otherwise: number): number =>
  Math.max(intLiteral(argument) ?? otherwise, 0);

const slicing: Estimator = (call) => {
  const end = natural(call.args[1], sizeOf(call, call.target).max);
  const length = end - natural(call.args[0], 0);
  return makingList(1, exactly(length < 0 ? MOST + length : length));
};

/** By the overload, which goes before the name. */
const BY_OVERLOAD: Readonly<Record<string, Estimator>> = {
  list_slice: slicing,
  list_flatten: (call) => makingList(1, sizeOf(call, call.target)),
  list_flatten_int: (call) => makingList(natural(call.args[0], MOST), sizeOf(call, call.target)),
  lists_range: (call) => makingList(1, exactly(natural(call.args[0], MOST))),
  list_reverse: (call) => makingList(1, sizeOf(call, call.target)),
  list_distinct: comparingAll(2, target),
  ...Object.fromEntries(ORDERED.map((type) => [`list_${type}_sort`, comparingAll(weight(type), target)])),
  ...Object.fromEntries(
    ORDERED.map((type) => [`list_${type}_sortByAssociatedKeys`, comparingAll(weight(type), first)]),
  ),
  list_sets_contains_list: setOperation(1),
  list_sets_intersects_list: setOperation(1),
  list_sets_equivalent_list: setOperation(2),
};

const known = (table: Readonly<Record<string, Estimator>>, key: string): Estimator | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** What the libraries say of a call; undefined where they leave it to the language. */
export function estimateLibraryCall(call: EstimatedCall): CallEstimate | undefined {
  return known(BY_OVERLOAD, call.overload)?.(call) ?? known(BY_NAME, call.name)?.(call);
}

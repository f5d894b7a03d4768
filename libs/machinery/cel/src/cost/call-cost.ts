import { Format } from '../functions/index.js';
import { costSize, isOpaque, List, type Meter, traversalCost, type Value } from '../values/index.js';
import { LIST_CREATE, REGEX_LENGTH, STRING_TRAVERSAL } from './factors.js';

/** A call that was made. */
interface MadeCall {
  readonly name: string;
  /** Empty where only the values told which way to call. */
  readonly overload: string;
  readonly args: readonly Value[];
  readonly result: Value;
  readonly meter: Meter;
}

type Cost = (call: MadeCall) => number | undefined;

const size = ({ meter }: MadeCall, value: Value | undefined): number => costSize(value ?? null, meter);
const traversal =
  (index: number, factor = 1): Cost =>
  (call) =>
    Math.ceil(size(call, call.args[index]) * factor * STRING_TRAVERSAL);
const one: Cost = () => 1;

const searching = (call: MadeCall, text: Value | undefined, pattern: number): number =>
  Math.ceil((1 + size(call, text)) * STRING_TRAVERSAL) * Math.ceil(pattern * REGEX_LENGTH);

const containing =
  (textOverload: string, again: boolean): Cost =>
  (call) => {
    const { overload, args } = call;
    const own = size(call, args[0]);
    const compared = Math.ceil(own * 2 * STRING_TRAVERSAL);
    const masked = again ? Math.ceil(own * STRING_TRAVERSAL) + 1 : 0;
    return compared + masked + (overload === textOverload ? Math.ceil(size(call, args[1]) * STRING_TRAVERSAL) : 0);
  };

function forAll(names: string, cost: Cost): Record<string, Cost> {
  return Object.fromEntries(names.split(' ').map((name) => [name, cost]));
}

/** By the function's name. Behaves as kubernetes apiserver pkg/cel/library CallCost. */
const BY_NAME: Readonly<Record<string, Cost>> = {
  ...forAll('isSorted sum max min indexOf lastIndexOf', ({ args }) => traversalCost(args[0] ?? null)),
  ...forAll(
    'url lowerAscii upperAscii substring trim cidr isIP isCIDR quantity isQuantity semver isSemver',
    traversal(0),
  ),
  ...forAll('replace split', traversal(0, 2)),
  join: (call) => Math.ceil(size(call, call.result) * 2 * STRING_TRAVERSAL),
  ...forAll('find findAll', (call) => searching(call, call.args[0], size(call, call.args[1]))),
  ip: (call) => (call.overload === 'cidr_ip' ? 1 : traversal(0)(call)),
  'ip.isCanonical': traversal(0, 2),
  ...forAll(
    'masked prefixLength family isUnspecified isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast',
    one,
  ),
  containsIP: containing('cidr_contains_ip_string', false),
  containsCIDR: containing('cidr_contains_cidr_string', true),
  validate: (call) => {
    const [format, text] = call.args;
    return format instanceof Format ? searching(call, text, format.regexSize) : undefined;
  },
  'format.named': one,
  ...forAll(
    'sign asInteger isInteger asApproximateFloat isGreaterThan isLessThan compareTo add sub major minor patch',
    one,
  ),
  ...forAll('getScheme getHostname getHost getPort getEscapedPath getQuery', one),
  '_==_': ({ args: [left = null] }) => (isOpaque(left) ? 1 : undefined),
};

const makingList = (factor: number, elements: number): number => Math.trunc(elements * factor) + 1 + LIST_CREATE;

const comparingAll =
  (index: number): Cost =>
  ({ args }) => {
    const list = args[index];
    if (!(list instanceof List)) return undefined;
    const first = list.size > 0 ? list.at(0) : null;
    const isText = typeof first === 'string' || first instanceof Uint8Array;
    return makingList(isText ? 2 + STRING_TRAVERSAL : 2, list.size * list.size);
  };

const outputSize: Cost = (call) => makingList(1, size(call, call.result));
const setOperation =
  (factor: number): Cost =>
  (call) =>
    1 + size(call, call.args[0]) * size(call, call.args[1]) * factor;

const smaller: Cost = (call) =>
  Math.ceil(Math.min(size(call, call.args[0]), size(call, call.args[1])) * STRING_TRAVERSAL);
const together: Cost = (call) => Math.ceil((size(call, call.args[0]) + size(call, call.args[1])) * STRING_TRAVERSAL);

const ORDERED = 'bool bytes double google.protobuf.Duration int string google.protobuf.Timestamp uint'.split(' ');
const COMPARISONS = ['less', 'greater', 'less_equals', 'greater_equals'].flatMap((word) => [
  `${word}_string`,
  `${word}_bytes`,
]);

/** Extensions of cel-go: by the overload, before the name. */
const EXTENSIONS: Readonly<Record<string, Cost>> = {
  list_slice: outputSize,
  list_flatten: (call) => makingList(1, size(call, call.args[0])),
  list_flatten_int: (call) => makingList(Number(call.args[1] ?? 0), size(call, call.args[0])),
  lists_range: outputSize,
  list_reverse: outputSize,
  list_distinct: comparingAll(0),
  ...Object.fromEntries(ORDERED.map((type) => [`list_${type}_sort`, comparingAll(0)])),
  ...Object.fromEntries(ORDERED.map((type) => [`list_${type}_sortByAssociatedKeys`, comparingAll(1)])),
  list_sets_contains_list: setOperation(1),
  list_sets_intersects_list: setOperation(1),
  list_sets_equivalent_list: setOperation(2),
};

/** The language's own functions. */
const LANGUAGE: Readonly<Record<string, Cost>> = {
  ...Object.fromEntries(
    [
      'starts_with_string',
      'ends_with_string',
      'string_to_bytes',
      'bytes_to_string',
      'strings_quote',
      'string_format',
    ].map((overload) => [overload, traversal(0)]),
  ),
  in_list: (call) => size(call, call.args[1]),
  ...Object.fromEntries([...COMPARISONS, 'equals', 'not_equals'].map((overload) => [overload, smaller])),
  add_string: together,
  add_bytes: together,
  matches_string: (call) => searching(call, call.args[0], size(call, call.args[1])),
  contains_string: (call) =>
    Math.ceil(size(call, call.args[0]) * STRING_TRAVERSAL) * Math.ceil(size(call, call.args[1]) * STRING_TRAVERSAL),
};

const known = (table: Readonly<Record<string, Cost>>, key: string): Cost | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** What a call costs beside its arguments, once its result is known. */
export function runtimeCallCost(call: MadeCall): number {
  return (
    known(EXTENSIONS, call.overload)?.(call) ??
    known(BY_NAME, call.name)?.(call) ??
    known(LANGUAGE, call.overload)?.(call) ??
    1
  );
}

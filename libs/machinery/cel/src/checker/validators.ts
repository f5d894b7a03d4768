import { CLAUSE_RULES, compilePattern, eachClause } from '../functions/index.js';
import type { Call, Expr, SourceError } from '../syntax/index.js';
import type { CelType } from '../types/index.js';
import { CelError, parseDuration, parseTimestamp } from '../values/index.js';
import type { Checked } from './checked.js';
import { checkHomogeneity } from './homogeneity.js';
import { partsOf, walk } from './walk.js';

const textOf = (expr: Expr | undefined): string | undefined =>
  expr?.kind === 'literal' && typeof expr.value === 'string' ? expr.value : undefined;

/** Functions whose literal argument must be right: which argument, and whether it is. */
const LITERALS: Readonly<Record<string, readonly [index: number, isRight: (text: string) => boolean]>> = {
  duration: [0, (text) => parseDuration(text) !== undefined],
  timestamp: [0, (text) => parseTimestamp(text) !== undefined],
  matches: [-1, (text) => !(compilePattern(text) instanceof CelError)],
};

function checkLiteral(call: Call): SourceError[] {
  const rule = Object.hasOwn(LITERALS, call.name) ? LITERALS[call.name] : undefined;
  if (!rule || call.args.length > 2) return [];
  const arg = call.args.at(rule[0]);
  const text = textOf(arg);
  if (!arg || text === undefined || rule[1](text)) return [];
  return [{ offset: arg.offset, message: `invalid ${call.name} argument` }];
}

const INTEGERS = ['int', 'uint'];
/** The types that each clause takes. */
const TAKES: Readonly<Record<string, readonly string[]>> = {
  s: [...INTEGERS, 'list', 'map', 'double', 'bool', 'string', 'timestamp', 'bytes', 'duration', 'type', 'null'],
  d: INTEGERS,
  o: INTEGERS,
  b: [...INTEGERS, 'bool'],
  x: [...INTEGERS, 'string', 'bytes'],
  X: [...INTEGERS, 'string', 'bytes'],
  f: ['double', 'string'],
  e: ['double', 'string'],
};

const NAMES: Readonly<Record<string, string>> = {
  null: 'null_type',
  timestamp: 'google.protobuf.Timestamp',
  duration: 'google.protobuf.Duration',
};

const typeText = (type: CelType): string => ('name' in type ? type.name : (NAMES[type.kind] ?? type.kind));

/** The first part of an argument that a clause does not take. */
function unfit(verb: string, expr: Expr, checked: Checked): Expr | undefined {
  const { kind } = checked.typeOf(expr);
  if (kind !== 'dyn' && !TAKES[verb]?.includes(kind)) return expr;
  if (verb !== 's') return undefined;
  const parts = expr.kind === 'list' ? expr.elements : [];
  const entries = expr.kind === 'map' ? expr.entries.flatMap(({ key, value }) => [key, value]) : [];
  for (const part of [...parts, ...entries]) {
    const bad = unfit(verb, part, checked);
    if (bad) return bad;
  }
  return undefined;
}

/** A format that is written out must fit the arguments that are written out. */
function checkFormat(call: Call, checked: Checked): SourceError[] {
  const [args] = call.args;
  const format = call.name === 'format' ? textOf(call.target) : undefined;
  if (format === undefined || args?.kind !== 'list') return [];
  let { offset } = call;
  const found = eachClause(
    format,
    ({ verb }, index) => {
      const arg = args.elements[index];
      const bad = arg && unfit(verb, arg, checked);
      if (!bad) return '';
      offset = bad.offset;
      return new CelError(`${CLAUSE_RULES[verb]}, was given ${typeText(checked.typeOf(bad))}`);
    },
    args.elements.length,
  );
  if (found instanceof CelError) return [{ offset, message: found.message }];
  const [expected, got] = [found.used, args.elements.length];
  if (got <= expected) return [];
  return [{ offset, message: `too many arguments supplied to string.format (expected ${expected}, got ${got})` }];
}

/** What is wrong with an expression though its types agree. What `format` is given may be of all types. */
export function validate(expr: Expr, checked: Checked): SourceError[] {
  const errors: SourceError[] = [];
  const exempt = new Set<Expr>();
  walk(expr, (part) => {
    if (part.kind === 'call') errors.push(...checkLiteral(part), ...checkFormat(part, checked));
    const isFree = exempt.has(part) || (part.kind === 'call' && part.name === 'format');
    if (isFree) for (const inner of partsOf(part)) exempt.add(inner);
    else if (part.kind === 'list' || part.kind === 'map') errors.push(...checkHomogeneity(part, checked));
  });
  return errors;
}

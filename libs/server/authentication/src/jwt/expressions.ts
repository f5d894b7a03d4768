import {
  ArrayList,
  compile,
  type CelType,
  DYN,
  HashMap,
  List,
  listOf,
  mapOf,
  nameObjects,
  type Program,
  Ready,
  STRING,
  type Value,
} from '@binnacle/machinery-cel';
import { type FieldError, type FieldPath, invalid } from '@binnacle/machinery-validation';
import { TokenRefused, type UserInfo } from '@binnacle/server-auth';

const USER: CelType = nameObjects(
  {
    kind: 'object',
    name: '',
    fields: new Map<string, CelType>([
      ['username', STRING],
      ['uid', STRING],
      ['groups', listOf(STRING)],
      ['extra', mapOf(STRING, listOf(STRING))],
    ]),
  },
  'kubernetes.UserInfo',
);

/** What expressions of the two kinds may name. */
const VARIABLES = { claims: { claims: mapOf(STRING, DYN) }, user: { user: USER } } as const;

export type Variable = keyof typeof VARIABLES;

/** Compiles an expression about claims or a user. Behaves as kubernetes apiserver pkg/authentication/cel/compile.go. */
export function compileExpression(
  text: string,
  variable: Variable,
  path: FieldPath,
  mustBeBool = false,
): { readonly program?: Program; readonly errors: readonly FieldError[] } {
  const compiled = compile(text, { variables: VARIABLES[variable] });
  if (!compiled.ok) return { errors: [invalid(path, text, `compilation failed: ${compiled.message}`)] };
  const { program } = compiled;
  if (mustBeBool && program.type.kind !== 'bool') return { errors: [invalid(path, text, 'must evaluate to bool')] };
  return { program, errors: [] };
}

/** As upstream, all numbers of claims are doubles. Claims nest no deeper than a token may. */
function valueOf(json: unknown): Value {
  if (Array.isArray(json)) return new ArrayList(json.map(valueOf));
  if (typeof json !== 'object' || json === null) return (json ?? null) as Value;
  return HashMap.from(Object.entries(json).map(([name, value]) => [name, valueOf(value)] as const));
}

export type Claims = Readonly<Record<string, unknown>>;
export type Bindings = Readonly<Record<string, unknown>>;

export const claimsBinding = (claims: Claims): Bindings => ({ claims: new Ready(valueOf(claims)) });

export const userBinding = ({ name, uid = '', groups, extra = {} }: UserInfo): Bindings => ({
  user: { username: name, uid, groups, extra },
});

/** Throws TokenRefused where the expression has no value for it. */
export function evaluate(program: Program, bindings: Bindings, what: string): Value {
  const result = program.evaluate(bindings);
  if (result.ok) return result.value;
  throw new TokenRefused(`oidc: error evaluating ${what}: ${result.message}`);
}

/** A text or a list of texts; empty ones are as if they were not there. Throws TokenRefused for anything else. */
export function textsOf(value: Value, what: string): string[] {
  const wrong = () =>
    new TokenRefused(`oidc: error evaluating ${what}: expression must return a string or a list of strings`);
  if (value === null || value === '') return [];
  if (typeof value === 'string') return [value];
  if (!(value instanceof List)) throw wrong();
  return [...value].flatMap((item) => {
    if (typeof item !== 'string') throw wrong();
    return item === '' ? [] : [item];
  });
}

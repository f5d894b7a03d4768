import {
  type GraphqlField,
  type GraphqlInput,
  type GraphqlSchemaDocument,
  type GraphqlType,
  namedType,
  typeText,
} from './graphql-schema.js';
import { GraphqlValues, literal } from './graphql-values.js';
import type { FuzzAnswer } from './judge.js';
import { Random } from './random.js';
import type { FuzzRequest } from './requests.js';
import { odd } from './values.js';

const ROOTS = [...Array<string>(12).fill('Query'), ...Array<string>(5).fill('Mutation'), 'Subscription'];
const DEEPEST = 5;
const NOISE = [
  '{',
  '}',
  '(',
  ')',
  '"',
  '"""',
  '...',
  '@include(if: $x)',
  '$',
  '!',
  '\u0000',
  '\ud800',
  '#',
  '9'.repeat(400),
  '1e999',
  '\\u{110000}',
  '&',
  '|',
];
const DIRECTIVES = ['@include(if: true)', '@skip(if: false)'];
const WRONG_DIRECTIVES = ['@skip(if: null)', '@include(if: "x")', '@unknown', '@include(if: true) @include(if: true)'];
const CLUSTERS = ['/clusters/main', '/clusters/none', '/clusters/%zz', '/clusters/%00', `/clusters/${'a'.repeat(300)}`];

/** One document in the making. */
class Writing {
  readonly variables: Record<string, unknown> = {};
  readonly declared: string[] = [];
  readonly fragments: string[] = [];
  fields = 0;
}

/** Random operations from a schema: mostly such as a client might send, each with something that it should not. */
export class GraphqlFuzzer {
  private readonly random: Random;
  private readonly types: ReadonlyMap<string, GraphqlType>;
  private readonly values: GraphqlValues;
  private readonly enums: ReadonlySet<string>;

  constructor(schema: GraphqlSchemaDocument, seed: number) {
    this.random = new Random(seed);
    this.types = new Map(schema.types.map((type) => [type.name, type]));
    this.values = new GraphqlValues(this.types, this.random);
    this.enums = new Set(schema.types.flatMap(({ enumValues }) => (enumValues ?? []).map(({ name }) => name)));
  }

  next(): FuzzRequest {
    const { random } = this;
    const body = this.operation();
    const path = `${random.chance(0.15) ? random.pick(CLUSTERS) : ''}/graphql`;
    const proof: Record<string, string> = random.chance(0.9) ? { 'x-binnacle-csrf': '1' } : {};
    if (random.chance(0.05)) {
      const search = new URLSearchParams({
        query: String(body.query),
        variables: JSON.stringify(body.variables) ?? '',
      });
      return { method: 'GET', path: `${path}?${search}`, headers: proof };
    }
    const type = random.chance(0.97)
      ? 'application/json'
      : random.pick(['text/plain', 'application/json; charset=x', '*/*']);
    return { method: 'POST', path, headers: { ...proof, 'content-type': type }, body: this.encoded(body) };
  }

  private encoded(body: object): Buffer {
    const { random } = this;
    if (random.chance(0.01)) return Buffer.from(JSON.stringify(odd(random)) ?? '');
    const text = JSON.stringify(random.chance(0.005) ? [body] : body);
    return Buffer.from(random.chance(0.01) ? text.slice(0, random.below(text.length)) : text);
  }

  private operation(): { query: unknown; variables?: unknown; operationName?: unknown } {
    const { random } = this;
    const root = random.pick(ROOTS);
    const writing = new Writing();
    const selection = this.selection(writing, this.types.get(root), 0);
    const declared = writing.declared.length ? `(${writing.declared.join(', ')})` : '';
    const query = `${root.toLowerCase()} Fuzz${declared} ${selection} ${writing.fragments.join(' ')}`;
    return {
      query: random.chance(0.01) ? odd(random) : this.noisy(query),
      variables: random.chance(0.01) ? odd(random) : writing.variables,
      ...(random.chance(0.1) && { operationName: random.chance(0.9) ? 'Fuzz' : odd(random) }),
    };
  }

  /** Here and there a character too many or too few. */
  private noisy(text: string): string {
    const { random } = this;
    if (!random.chance(0.05)) return text;
    const at = random.below(text.length);
    const rest = text.slice(at + random.below(3));
    return `${text.slice(0, at)}${random.pick(NOISE)}${rest}`;
  }

  private selection(writing: Writing, type: GraphqlType | undefined, depth: number): string {
    const { random } = this;
    const fields = type?.fields ?? [];
    if (fields.length === 0 || depth > DEEPEST) return '{ __typename }';
    const chosen = Array.from({ length: 1 + random.below(depth === 0 ? 2 : 4) }, () =>
      this.selected(writing, random.pick(fields), depth),
    );
    if (random.chance(0.05))
      chosen.push(random.pick(['__typename', 'unknownField', '__schema { types { name } }', '...Missing']));
    if (type?.possibleTypes && random.chance(0.5)) chosen.push(this.onKind(writing, type, depth));
    if (random.chance(0.05)) chosen.push(this.spread(writing, type, depth));
    return `{ ${chosen.join(' ')} }`;
  }

  private selected(writing: Writing, field: GraphqlField, depth: number): string {
    const { random } = this;
    writing.fields += 1;
    const type = this.types.get(namedType(field.type));
    const isObject = !!type?.fields;
    const below =
      isObject && writing.fields < 60
        ? ` ${this.selection(writing, type, depth + 1)}`
        : isObject
          ? ' { __typename }'
          : '';
    const alias = random.chance(0.9) ? `f${writing.fields}: ` : '';
    const directives = random.chance(0.05) ? WRONG_DIRECTIVES : DIRECTIVES;
    const directive = random.chance(0.05) ? ` ${random.pick(directives)}` : '';
    return `${alias}${field.name}${this.given(writing, field.args)}${directive}${below}`;
  }

  private onKind(writing: Writing, { possibleTypes }: GraphqlType, depth: number): string {
    const kind = this.types.get(this.random.pick(possibleTypes ?? []).name);
    return `... on ${kind?.name} ${this.selection(writing, kind, depth + 1)}`;
  }

  private spread(writing: Writing, type: GraphqlType | undefined, depth: number): string {
    const name = `Part${writing.fragments.length}`;
    const selection = this.selection(writing, type, depth + 1);
    writing.fragments.push(`fragment ${name} on ${type?.name} ${selection}`);
    return `...${name}`;
  }

  private given(writing: Writing, args: readonly GraphqlInput[]): string {
    const chosen = args.filter(({ type }) => type.kind === 'NON_NULL' || this.random.chance(0.35));
    if (chosen.length === 0) return '';
    return `(${chosen.map((argument) => `${argument.name}: ${this.argument(writing, argument)}`).join(', ')})`;
  }

  private argument(writing: Writing, argument: GraphqlInput): string {
    const value = this.values.value(argument);
    if (this.random.chance(0.5)) return literal(value, (text) => this.enums.has(text));
    const name = `v${writing.declared.length}`;
    writing.declared.push(`$${name}: ${typeText(argument.type)}`);
    if (this.random.chance(0.95)) writing.variables[name] = value;
    return `$${name}`;
  }
}

interface Told {
  readonly kind?: unknown;
  readonly data?: unknown;
  readonly errors?: readonly { readonly message?: unknown; readonly extensions?: { readonly code?: unknown } }[];
}

/** What is wrong with an answer of GraphQL; undefined where it is one a client can work with. */
export function complaintAboutGraphql({ status, text }: FuzzAnswer): string | undefined {
  if (status >= 500) return `answered ${status}: ${text.slice(0, 300)}`;
  let told: Told;
  try {
    told = JSON.parse(text) as Told;
  } catch {
    return `answered ${status} with what is not JSON: ${text.slice(0, 200)}`;
  }
  if (told.kind === 'Status') return undefined;
  if (told.data === undefined && !told.errors?.length) return `neither data nor errors: ${text.slice(0, 200)}`;
  const wrong = told.errors?.find(
    ({ message, extensions }) => !message || extensions?.code === undefined || extensions.code === 'InternalError',
  );
  return wrong && `an error that says nothing: ${JSON.stringify(wrong).slice(0, 300)}`;
}

import { type FieldPath, fieldPath } from '@binnacle/machinery-validation';
import { propertyOf, valuesOf } from './children.js';
import type { JsonSchema } from './types.js';

/** Where a path leads to, or why it leads nowhere. */
export type FoundField =
  | { readonly path: FieldPath; readonly schema: JsonSchema | undefined; readonly names: readonly string[] }
  | { readonly problem: string };

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '\\': '\\',
};

/** Dots, brackets, quoted names and what stands between them. */
function tokensOf(text: string): string[] {
  return text.match(/'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]]+/gs) ?? [];
}

class Mistake extends Error {}

class Walk {
  path = fieldPath('');
  readonly names: string[] = [];

  constructor(
    private readonly tokens: string[],
    public schema: JsonSchema | undefined,
    private readonly allowBrackets: boolean,
  ) {}

  run(): void {
    for (let token = this.tokens.shift(); token !== undefined; token = this.tokens.shift()) {
      if (token === '[') this.bracket();
      else if (token === '.') this.step(this.next());
      else throw new Mistake(`expected [ or . but got: ${token}`);
    }
  }

  private next(): string {
    const token = this.tokens.shift();
    if (token === undefined) throw new Mistake('unexpected end of JSON path');
    return token;
  }

  private bracket(): void {
    if (!this.allowBrackets) throw new Mistake('array notation is not allowed');
    const quoted = this.next();
    if (!/^'.*'$/s.test(quoted)) throw new Mistake(`expected single quoted string but got ${quoted}`);
    this.step(unquoted(quoted));
    const end = this.next();
    if (end !== ']') throw new Mistake(`expected ] but got ${end}`);
  }

  private step(name: string): void {
    const { schema } = this;
    if (schema?.properties) {
      const property = propertyOf(schema, name);
      this.path = this.path.child(name);
      if (!property) throw new Mistake('does not refer to a valid field');
      this.schema = property;
    } else if (schema?.additionalProperties !== undefined) {
      this.path = this.path.key(name);
      this.schema = valuesOf(schema);
    } else throw new Mistake('does not refer to a valid field');
    this.names.push(name);
  }
}

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\./gs, (escape) => {
    const meant = ESCAPES[escape.charAt(1)];
    if (meant === undefined) throw new Mistake(`invalid string literal: invalid escape char ${escape}`);
    return meant;
  });
}

/**
 * Follows a path such as `.spec.ports['a.b']` through a schema. Behaves as kubernetes apiextensions-apiserver
 * pkg/apiserver/schema/cel ValidFieldPath.
 */
export function findField(text: string, schema: JsonSchema, allowBrackets = true): FoundField {
  const walk = new Walk(tokensOf(text), schema, allowBrackets);
  try {
    walk.run();
    return { path: walk.path, schema: walk.schema, names: walk.names };
  } catch (error) {
    if (error instanceof Mistake) return { problem: error.message };
    throw error;
  }
}

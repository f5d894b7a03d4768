import { type CelType, compile, listOf } from '../index.js';
import { render } from './render.js';

const SCALARS: Readonly<Record<string, CelType>> = {
  bigint: { kind: 'int' },
  number: { kind: 'double' },
  string: { kind: 'string' },
  boolean: { kind: 'bool' },
};

/** The type that a binding has where nothing else is said: an empty list is one of ints. */
function typeOf(value: unknown): CelType {
  if (Array.isArray(value)) return listOf(value.length > 0 ? typeOf(value[0]) : { kind: 'int' });
  return SCALARS[typeof value] ?? { kind: 'dyn' };
}

/** What an expression comes to, written as `render` writes values; or why it has no value. */
export function evaluate(
  source: string,
  bindings: Readonly<Record<string, unknown>> = {},
  types: Readonly<Record<string, CelType>> = {},
): string {
  const variables = Object.fromEntries(
    Object.entries(bindings).map(([name, value]) => [name, types[name] ?? typeOf(value)]),
  );
  const compiled = compile(source, { variables });
  if (!compiled.ok) return `refused: ${compiled.errors[0]?.message ?? ''}`;
  const outcome = compiled.program.evaluate(bindings);
  return outcome.ok ? render(outcome.value) : `error: ${outcome.message}`;
}

/** What an expression costs that has a value. */
export function costOf(source: string, bindings: Readonly<Record<string, unknown>> = {}): number {
  const variables = Object.fromEntries(Object.entries(bindings).map(([name, value]) => [name, typeOf(value)]));
  const compiled = compile(source, { variables });
  if (!compiled.ok) throw new Error(compiled.message);
  return compiled.program.evaluate(bindings).cost;
}

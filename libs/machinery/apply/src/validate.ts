import { isJsonObject } from '@binnacle/machinery-patch';
import type { ApplyType, ScalarKind } from './apply-type.js';
import { memberElement, printElement } from './path-element.js';
import { ElementFault, elementOf, type ListShape, memberOf, type MembersShape, shown } from './walk.js';

const SCALARS: Readonly<Record<ScalarKind, readonly string[]>> = {
  string: ['string'],
  numeric: ['number'],
  boolean: ['boolean'],
  untyped: ['string', 'number', 'boolean'],
};

const goTypeOf = (value: unknown): string => {
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'number') return 'float64';
  return { string: 'string', boolean: 'bool' }[typeof value as string] ?? 'map[string]interface {}';
};

/** As Go prints any value. */
function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (value === null || value === undefined) return '<nil>';
  if (!isJsonObject(value)) return String(value);
  const members = Object.keys(value).sort();
  return `map[${members.map((name) => `${name}:${goText(value[name])}`).join(' ')}]`;
}

/** The same as Go's syntax. */
function goSyntax(value: unknown): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `map[string]interface {}{${members.map((name) => `${JSON.stringify(name)}:${goSyntax(value[name])}`).join(', ')}}`;
}

function scalarFault(value: unknown, of: ScalarKind): string | undefined {
  if (SCALARS[of].includes(typeof value)) return undefined;
  switch (of) {
    case 'numeric':
      return `expected numeric (int or float), got ${goTypeOf(value)}`;
    case 'string':
      return `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    default:
      return `expected ${of === 'boolean' ? 'boolean' : 'any scalar'}, got &{${goText(value)}}`;
  }
}

/** Finds what in a configuration does not fit its schema, in upstream's words: `.spec.foo: field not declared in schema`. */
class Validation {
  readonly faults: string[] = [];

  check(value: unknown, type: ApplyType, path: string): void {
    if (value === null || value === undefined) return;
    const is = shown(type, value);
    if (is.kind === 'scalar') this.note(path, scalarFault(value, is.of));
    else if (is.kind === 'list') this.list(value, is, path);
    else this.members(value, is, path);
  }

  private note(path: string, fault: string | undefined): void {
    if (fault !== undefined) this.faults.push(path === '' ? fault : `${path}: ${fault}`);
  }

  private members(value: unknown, type: MembersShape, path: string): void {
    if (!isJsonObject(value)) return this.note(path, `expected map, got &{${goText(value)}}`);
    for (const name of Object.keys(value)) {
      const at = path + printElement(memberElement(name));
      const member = memberOf(type, name);
      if (member) this.check(value[name], member.type, at);
      else this.note(at, 'field not declared in schema');
    }
  }

  private list(value: unknown, type: ListShape, path: string): void {
    if (!Array.isArray(value)) return this.note(path, `expected list, got &{${goText(value)}}`);
    const seen = new Set<string>();
    for (const [at, item] of value.entries()) {
      const step = type.as === 'atomic' ? `[${at}]` : this.step(item, type, `${path}: element ${at}`, seen, path);
      if (step === undefined) return;
      this.check(item, type.of, path + step);
    }
  }

  /** What tells an item apart, printed; undefined where nothing does. A configuration may name each once. */
  private step(item: unknown, type: ListShape, place: string, seen: Set<string>, path: string): string | undefined {
    try {
      const step = printElement(elementOf(item, type));
      if (seen.has(step)) this.note(path, `duplicate entries for key ${step}`);
      seen.add(step);
      return step;
    } catch (error) {
      if (!(error instanceof ElementFault)) throw error;
      this.faults.push(`${place}: ${error.message}`);
      return undefined;
    }
  }
}

/** What in a configuration does not fit its schema: undefined, one sentence, or a list of them. */
export function configurationFault(value: unknown, type: ApplyType): string | undefined {
  const validation = new Validation();
  validation.check(value, type, '');
  const { faults } = validation;
  return faults.length > 1 ? ['errors:', ...faults.map((fault) => `  ${fault}`)].join('\n') : faults[0];
}

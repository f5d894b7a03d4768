import { Kind, type ValueNode } from 'graphql';
import { LIMITS } from './limits.js';
import { TooCostly } from './measure.js';

export type Variables = Readonly<Record<string, unknown>>;

interface Walk {
  left: number;
}

function walk(value: unknown, depth: number, walked: Walk): void {
  if (depth > LIMITS.variableDepth)
    throw new TooCostly(`the variables are more than ${LIMITS.variableDepth} levels deep`);
  walked.left -= 1;
  if (walked.left < 0) throw new TooCostly(`the variables have more than ${LIMITS.variableValues} values`);
  if (typeof value !== 'object' || value === null) return;
  for (const item of Object.values(value)) walk(item, depth + 1, walked);
}

/** @throws TooCostly for variables nobody should have to look through. */
export function checkVariables(variables: Variables): void {
  walk(variables, 0, { left: LIMITS.variableValues });
}

/** How many single values there are in variables, each counted once however often it is used. */
export class ValueCounter {
  private readonly known = new Map<string, number>();

  constructor(private readonly variables: Variables) {}

  /** In an argument as it stands in the document. @throws TooCostly where it is nested too deeply. */
  count(node: ValueNode, depth = 0): number {
    if (depth > LIMITS.variableDepth)
      throw new TooCostly(`an argument is more than ${LIMITS.variableDepth} levels deep`);
    switch (node.kind) {
      case Kind.VARIABLE:
        return this.ofVariable(node.name.value);
      case Kind.LIST:
        return node.values.reduce((sum, value) => sum + this.count(value, depth + 1), 1);
      case Kind.OBJECT:
        return node.fields.reduce((sum, field) => sum + this.count(field.value, depth + 1), 1);
      default:
        return 1;
    }
  }

  /** How many items a list has that may be given by a variable. */
  length(node: ValueNode | undefined): number {
    if (!node) return 0;
    const value = this.value(node);
    if (Array.isArray(value)) return value.length;
    return node.kind === Kind.LIST ? node.values.length : 1;
  }

  /** A whole number that may be given by a variable. */
  number(node: ValueNode | undefined): number | undefined {
    if (node?.kind === Kind.INT) return Number(node.value);
    const value = node && this.value(node);
    return typeof value === 'number' ? value : undefined;
  }

  text(node: ValueNode | undefined): string | undefined {
    if (node?.kind === Kind.STRING) return node.value;
    const value = node && this.value(node);
    return typeof value === 'string' ? value : undefined;
  }

  isNull(node: ValueNode): boolean {
    return node.kind === Kind.NULL || (node.kind === Kind.VARIABLE && this.value(node) == null);
  }

  private value(node: ValueNode): unknown {
    if (node.kind !== Kind.VARIABLE || !Object.hasOwn(this.variables, node.name.value)) return undefined;
    return this.variables[node.name.value];
  }

  private ofVariable(name: string): number {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const count = Object.hasOwn(this.variables, name) ? countValues(this.variables[name]) : 1;
    this.known.set(name, count);
    return count;
  }
}

function countValues(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, item) => sum + countValues(item), 1);
}

import { equalJson, getMember, isJsonObject } from '@binnacle/machinery-patch';
import { itemsOf, memberOf } from '../schema/children.js';
import { type JsonSchema, LIST_KEYS, LIST_TYPE } from '../schema/types.js';

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

/** An element by the values of its keys; undefined of one that has them not. */
function elementKey(item: unknown, { [LIST_KEYS]: keys = [] }: JsonSchema): string | undefined {
  if (!isJsonObject(item)) return undefined;
  const values = keys.map((key) => getMember(item, key));
  return values.length > 0 && values.every(isScalar) ? JSON.stringify(values) : undefined;
}

/**
 * A value and the one that stood in its place before, as far as it can be told: members by name, elements of lists that
 * are maps by their keys. Behaves as kubernetes apiserver pkg/cel/common CorrelatedObject.
 */
export class Correlation {
  private same: boolean | undefined;
  private readonly below = new Map<string | number, Correlation | undefined>();
  private oldElements: Map<string, unknown> | undefined;

  constructor(
    readonly value: unknown,
    readonly old: unknown,
    private readonly schema: JsonSchema,
  ) {}

  /** Whether nothing changed here. What cannot be told apart, as members the schema does not know, counts as changed. */
  get isUnchanged(): boolean {
    this.same ??= this.compare();
    return this.same;
  }

  private compare(): boolean {
    const { value, old } = this;
    if (Array.isArray(value))
      return Array.isArray(old) && value.length === old.length && this.equalElements(value, old);
    if (!isJsonObject(value)) return value === old;
    if (!isJsonObject(old) || Object.keys(value).length !== Object.keys(old).length) return false;
    return Object.keys(value).every((name) => this.key(name)?.isUnchanged ?? false);
  }

  private equalElements(value: readonly unknown[], old: readonly unknown[]): boolean {
    if (this.schema[LIST_TYPE] !== 'map' || !itemsOf(this.schema)) return equalJson(value, old);
    return value.every((_item, index) => this.index(index)?.isUnchanged ?? false);
  }

  /** Undefined where the member is new or the schema does not say how it is told. */
  key(name: string): Correlation | undefined {
    return this.remember(name, () => this.findMember(name));
  }

  index(position: number): Correlation | undefined {
    return this.remember(position, () => this.findElement(position));
  }

  private remember(step: string | number, find: () => Correlation | undefined): Correlation | undefined {
    if (!this.below.has(step)) this.below.set(step, find());
    return this.below.get(step);
  }

  private findMember(name: string): Correlation | undefined {
    const { value, old } = this;
    const schema = memberOf(this.schema, name);
    if (!schema || !isJsonObject(value) || !isJsonObject(old)) return undefined;
    if (!Object.hasOwn(value, name) || !Object.hasOwn(old, name)) return undefined;
    return new Correlation(value[name], old[name], schema);
  }

  private findElement(position: number): Correlation | undefined {
    const schema = itemsOf(this.schema);
    if (!schema || !Array.isArray(this.value) || !Array.isArray(this.old)) return undefined;
    if (this.schema[LIST_TYPE] !== 'map') return undefined;
    const item: unknown = this.value[position];
    const key = elementKey(item, this.schema);
    const old = key === undefined ? undefined : this.elements().get(key);
    return old === undefined ? undefined : new Correlation(item, old, schema);
  }

  private elements(): Map<string, unknown> {
    this.oldElements ??= elementsByKey(this.old, this.schema);
    return this.oldElements;
  }
}

/** The elements of a list that is a map, by their keys; the first of several. */
export function elementsByKey(list: unknown, schema: JsonSchema): Map<string, unknown> {
  const elements = new Map<string, unknown>();
  for (const item of Array.isArray(list) ? list : []) {
    const key = elementKey(item, schema);
    if (key !== undefined && !elements.has(key)) elements.set(key, item);
  }
  return elements;
}

/** The old element with the keys of this one, where the list is a map. */
export function oldElementOf(item: unknown, elements: ReadonlyMap<string, unknown>, schema: JsonSchema): unknown {
  const key = schema[LIST_TYPE] === 'map' ? elementKey(item, schema) : undefined;
  return key === undefined ? undefined : elements.get(key);
}

import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { itemsOf, propertyOf, valuesOf } from '../schema/children.js';
import { EMBEDDED, type JsonSchema, PRESERVE } from '../schema/types.js';

export const META_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata']);

/** The schema of a whole object, whose apiVersion, kind and metadata are known without it. */
export function asResource(schema: JsonSchema | undefined): JsonSchema {
  return schema?.[EMBEDDED] ? schema : { ...schema, [EMBEDDED]: true };
}

/** Collects paths such as `spec.rules[0].hots`; a path is only written where something is found. */
class UnknownFields {
  readonly found: string[] = [];
  private readonly path: (string | number)[] = [];

  get atRoot(): boolean {
    return this.path.length === 0;
  }

  within(step: string | number, visit: () => void): void {
    this.path.push(step);
    visit();
    this.path.pop();
  }

  note(name: string): void {
    const texts = [...this.path, name].map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`));
    this.found.push(texts.join('').replace(/^\./, ''));
  }
}

type Schema = JsonSchema | undefined;

class Pruner {
  readonly unknown = new UnknownFields();

  prune(value: unknown, schema: Schema): void {
    if (schema?.[PRESERVE]) this.pruneKnown(value, schema);
    else if (Array.isArray(value)) this.pruneItems(value, (item) => this.prune(item, schema && itemsOf(schema)));
    else if (isJsonObject(value)) this.pruneMembers(value, schema);
  }

  private pruneItems(list: readonly unknown[], visit: (item: unknown) => void): void {
    for (const [index, item] of list.entries()) this.unknown.within(index, () => visit(item));
  }

  private pruneMembers(object: JsonObject, schema: Schema): void {
    for (const name of Object.keys(object)) {
      if (schema?.[EMBEDDED] && META_FIELDS.has(name)) continue;
      if (schema && this.pruneMember(object, name, schema)) continue;
      if (!schema || !META_FIELDS.has(name) || !this.unknown.atRoot) this.unknown.note(name);
      delete object[name];
    }
  }

  /** False where the schema has no place for it. */
  private pruneMember(object: JsonObject, name: string, schema: JsonSchema): boolean {
    const property = propertyOf(schema, name);
    if (!property && schema.additionalProperties === undefined) return false;
    this.unknown.within(name, () => this.prune(object[name], property ?? valuesOf(schema)));
    return true;
  }

  /** Keeps what is unknown, and prunes below what the schema names all the same. */
  private pruneKnown(value: unknown, schema: Schema): void {
    if (!schema) return;
    if (Array.isArray(value)) this.pruneItems(value, (item) => this.pruneKnown(item, itemsOf(schema)));
    if (!isJsonObject(value)) return;
    for (const name of Object.keys(value)) {
      if (!schema[EMBEDDED] || !META_FIELDS.has(name)) this.pruneMember(value, name, schema);
    }
  }
}

/**
 * Takes away, in place, what a structural schema has no place for. `isResource`: the value is a whole object, whose
 * apiVersion, kind and metadata stay. Behaves as kubernetes apiextensions-apiserver pkg/apiserver/schema/pruning.
 * @returns paths of what was taken away, sorted.
 */
export function prune(value: unknown, schema: JsonSchema | undefined, isResource: boolean): string[] {
  const pruner = new Pruner();
  pruner.prune(value, isResource ? asResource(schema) : schema);
  return pruner.unknown.found.sort();
}

import type { ResourceDefinition } from '@binnacle/apis-registry';
import type { DefinitionSchema, FieldSchema, FieldType, SchemaTable } from '@binnacle/apis-schema';
import { parseApiVersion } from '@binnacle/machinery-meta';
import type { ObjectPlace, ResourceStore, ResourceStores } from '@binnacle/server-registry';
import { POINTS } from '../cost/limits.js';
import { relatedOne } from '../related-objects.js';
import type { GraphqlRequest, Located } from '../request.js';
import { EVERY, type Path, valuesAt } from '../rows/path.js';

/** A place in the objects of a kind that names another object. */
export interface ReferenceField {
  readonly path: Path;
  /** What is named there where the value does not say so itself, as `secretName` does not. */
  readonly store?: ResourceStore;
}

/** What a value that names an object may say. */
interface Named {
  readonly apiVersion?: unknown;
  readonly group?: unknown;
  readonly kind?: unknown;
  readonly name?: unknown;
  readonly namespace?: unknown;
}

const DEEPEST = 12;
const MOST_FIELDS = 64;
/** Of one object, and of one field; the rest is not followed. */
const MOST_REFERENCES = 100;
/** Who owns an object is told by `owners`, and no place of metadata names another. */
const ELSEWHERE = ['metadata', 'apiVersion', 'kind'];

const isText = (type: FieldType | undefined): boolean => type?.kind === 'scalar' && type.scalar === 'string';

/** `certificateSecretRef`, `imagePullSecrets`, `configMapKeyRef`, `tlsSecretName`: the kind stands before what is cut off. */
const ENDINGS = /(?:Key)?(?:Refs?|References?|Selectors?|Names?|s)?$/;

/** Finds where the objects of a kind name others, by what fields are called and what they hold. */
class ReferenceFields {
  readonly found: ReferenceField[] = [];
  private readonly kinds: ReadonlyMap<string, ResourceStore>;

  constructor(
    stores: ResourceStores,
    private readonly schemas: SchemaTable,
  ) {
    const kinds = new Map<string, ResourceStore>();
    for (const store of stores.all()) {
      const name = store.definition.names.kind.toLowerCase();
      if (!kinds.has(name)) kinds.set(name, store);
    }
    this.kinds = kinds;
  }

  walk(schema: DefinitionSchema, path: Path, within: ReadonlySet<string>): void {
    if (path.length > DEEPEST || within.has(schema.name)) return;
    const inside = new Set(within).add(schema.name);
    for (const field of schema.fields.values()) {
      if (this.found.length >= MOST_FIELDS) return;
      if (path.length > 0 || !ELSEWHERE.includes(field.name)) this.look(field, path, inside);
    }
  }

  private look({ name, type: whole }: FieldSchema, parent: Path, inside: ReadonlySet<string>): void {
    const path: Path = whole.kind === 'list' ? [...parent, name, EVERY] : [...parent, name];
    const type = whole.kind === 'list' ? whole.of : whole;
    if (type.kind === 'object') return this.lookInside(name, type.name, path, inside);
    const store = isText(type) && /Names?$/.test(name) ? this.kindAtEnd(name) : undefined;
    if (store) this.found.push({ path, store });
  }

  /** A structure with a name is a reference where it says a kind too, or is called after one. */
  private lookInside(name: string, type: string, path: Path, inside: ReadonlySet<string>): void {
    const schema = this.schemas.find(type);
    if (!schema || schema.freeForm) return;
    const store = this.kindAtEnd(name);
    const saysKind = isText(schema.fields.get('kind')?.type);
    if (!isText(schema.fields.get('name')?.type) || !(saysKind || store)) return this.walk(schema, path, inside);
    this.found.push({ path, ...(store && { store }) });
  }

  /** The kind with the longest name that the field's ends with. */
  private kindAtEnd(field: string): ResourceStore | undefined {
    const name = field.replace(ENDINGS, '').toLowerCase();
    for (let from = 0; from < name.length; from += 1) {
      const store = this.kinds.get(name.slice(from));
      if (store) return store;
    }
    return undefined;
  }
}

/** The places in the objects of a kind that name others. */
export function referenceFields(stores: ResourceStores, { schemas, schema }: ResourceDefinition): ReferenceField[] {
  const fields = new ReferenceFields(stores, schemas);
  const root = schemas.find(schema);
  if (root) fields.walk(root, [], new Set());
  return fields.found;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The store of what a value names; the version it names may be served no more. */
function storeNamed({ stores }: GraphqlRequest, field: ReferenceField, named: Named): ResourceStore | undefined {
  const kind = textOf(named.kind);
  if (!kind) return field.store;
  const group = named.apiVersion === undefined ? named.group : parseApiVersion(textOf(named.apiVersion)).group;
  const ofKind = stores.all().filter(({ definition }) => definition.names.kind === kind);
  const inGroup = ofKind.filter(({ definition }) => definition.group === textOf(group));
  // A reference without a group means a kind of its own API, which is not said anywhere.
  return inGroup[0] ?? (group === undefined ? ofKind[0] : undefined);
}

function placeNamed(store: ResourceStore, { object }: Located, { name, namespace }: Named): ObjectPlace {
  const within = textOf(namespace) || object.metadata.namespace || 'default';
  return { namespace: store.definition.namespaced ? within : '', name: textOf(name) };
}

interface Wanted {
  readonly store: ResourceStore;
  readonly place: ObjectPlace;
}

/** What the values of a field name, each by a key of its own. */
function namedBy(request: GraphqlRequest, from: Located, field: ReferenceField, values: readonly unknown[]) {
  return values.flatMap((value): [key: string, Wanted][] => {
    const named: Named = typeof value === 'string' ? { name: value } : ((value ?? {}) as Named);
    const store = storeNamed(request, field, named);
    if (!store || !textOf(named.name)) return [];
    const place = placeNamed(store, from, named);
    return [[JSON.stringify([store.definition.schema, place]), { store, place }]];
  });
}

/** The objects that an object's reference fields name and that are there, each once. Rejects where one may not be read. */
export async function referencesOf(
  request: GraphqlRequest,
  from: Located,
  fields: readonly ReferenceField[],
): Promise<readonly Located[]> {
  const { budget } = request;
  const wanted = new Map<string, Wanted>();
  for (const field of fields) {
    const values = valuesAt(from.object, field.path).slice(0, MOST_REFERENCES);
    const points = POINTS.field * (1 + values.length);
    budget.charge(points);
    await budget.lane.step(points);
    for (const [key, one] of namedBy(request, from, field, values)) wanted.set(key, one);
    if (wanted.size >= MOST_REFERENCES) break;
  }
  const some = [...wanted.values()].slice(0, MOST_REFERENCES);
  const found = await Promise.all(some.map(({ store, place }) => relatedOne(request, store, place)));
  return found.flat();
}

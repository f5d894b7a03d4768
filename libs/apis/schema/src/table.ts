import type { DefinitionSchema, Descriptions, SchemaKind, SchemaTable } from './types.js';

/** @throws RangeError where the table does not have the name; names come from the registry, so this is a mistake in it. */
export function schemaIn(schemas: SchemaTable, name: string): DefinitionSchema {
  const definition = schemas.find(name);
  if (!definition) throw new RangeError(`no schema is called ${name}`);
  return definition;
}

/** `PodSpec` of `io.k8s.api.core.v1.PodSpec`. */
export function shortName(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

/** Makes something of each definition of a table once, when it is first asked for; it goes with the table. */
export function perDefinition<T>(make: (schemas: SchemaTable, name: string) => T): typeof make {
  const tables = new WeakMap<SchemaTable, Map<string, T>>();
  return (schemas, name) => {
    let made = tables.get(schemas);
    if (!made) tables.set(schemas, (made = new Map()));
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = make(schemas, name);
    made.set(name, value);
    return value;
  };
}

const kindKey = ({ group, version, kind }: SchemaKind): string => `${group}/${version}/${kind}`;

/**
 * A table of some definitions that refer to those of another.
 * `describe` has texts of the own ones.
 */
export function schemaTable(
  version: string,
  own: Iterable<DefinitionSchema>,
  base: SchemaTable,
  describe: Descriptions['of'] = () => undefined,
): SchemaTable {
  const definitions = new Map([...own].map((definition) => [definition.name, definition]));
  const kinds = new Map([...definitions.values()].flatMap(({ name, gvk }) => (gvk ? [[kindKey(gvk), name]] : [])));
  return {
    version,
    find: (name) => definitions.get(name) ?? base.find(name),
    findKind: (kind) => kinds.get(kindKey(kind)) ?? base.findKind(kind),
    describe: async (names) => {
      const texts = await base.describe(names.filter((name) => !definitions.has(name)));
      return { of: (name, field) => (definitions.has(name) ? describe(name, field) : texts.of(name, field)) };
    },
  };
}

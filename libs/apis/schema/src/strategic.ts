import type { PatchField, PatchSchema } from '@binnacle/machinery-patch';
import { perDefinition, schemaIn, shortName } from './table.js';
import type { FieldType, SchemaTable } from './types.js';

function objectNameOf(type: FieldType): string | undefined {
  if (type.kind === 'object') return type.name;
  return type.kind === 'list' ? objectNameOf(type.of) : undefined;
}

/** Plain merging of free-form objects and maps: every member is a field without rules. */
const FREE_FORM: PatchSchema = { name: 'map', field: () => undefined };

class StrategicSchema implements PatchSchema {
  private readonly known = new Map<string, PatchField | undefined>();

  constructor(
    private readonly schemas: SchemaTable,
    private readonly definition: string,
  ) {}

  get name(): string {
    return shortName(this.definition);
  }

  field(name: string): PatchField | undefined {
    if (!this.known.has(name)) this.known.set(name, this.read(name));
    return this.known.get(name);
  }

  private read(name: string): PatchField | undefined {
    const field = schemaIn(this.schemas, this.definition).fields.get(name);
    if (!field) return undefined;
    const object = objectNameOf(field.type);
    return {
      mergeKey: field.patchMergeKey,
      strategies: field.patchStrategies ?? [],
      schema: object === undefined ? FREE_FORM : strategicSchema(this.schemas, object),
    };
  }
}

/** How a strategic merge patch merges objects of that definition. */
export const strategicSchema = perDefinition<PatchSchema>((schemas, name) => new StrategicSchema(schemas, name));

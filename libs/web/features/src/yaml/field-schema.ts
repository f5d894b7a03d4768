import type { YamlStep } from '@binnacle/machinery-yaml';
import type { ApiDocument, ApiSchema, Resource } from '@binnacle/web-data';

/** What a schema says of one field. */
export interface FieldNote {
  readonly name: string;
  /** As `kubectl explain` writes it: `string`, `[]Object`, `map[string]string`. */
  readonly type: string;
  readonly description: string;
  readonly required: boolean;
  /** The values it may have, where they are listed. */
  readonly values: readonly string[];
}

const REF = '#/components/schemas/';
/** A schema that refers to itself through others is followed so far. */
const MOST_REFERENCES = 16;

const propertyOf = ({ properties }: ApiSchema = {}, name: string): ApiSchema | undefined =>
  properties && Object.hasOwn(properties, name) ? properties[name] : undefined;

/** The fields of one kind, by the paths they have in an object. */
export class FieldSchemas {
  private readonly schemas: Readonly<Record<string, ApiSchema>>;
  private readonly root: ApiSchema | undefined;

  constructor(document: ApiDocument, { group, version, kind }: Pick<Resource, 'group' | 'version' | 'kind'>) {
    this.schemas = document.components?.schemas ?? {};
    this.root = Object.values(this.schemas).find((schema) =>
      schema['x-kubernetes-group-version-kind']?.some(
        (one) => one.group === group && one.version === version && one.kind === kind,
      ),
    );
  }

  /** The fields an object at `path` may have, in the order of their names, the required ones first. */
  fieldsAt(path: readonly YamlStep[]): FieldNote[] {
    const parent = this.at(path);
    const notes = Object.entries(parent?.properties ?? {}).map(([name, schema]) => this.note(name, schema, parent));
    return notes.sort((a, b) => Number(b.required) - Number(a.required) || (a.name < b.name ? -1 : 1));
  }

  /** The field at `path`; undefined where the schema knows none. */
  fieldAt(path: readonly YamlStep[]): FieldNote | undefined {
    const name = path.at(-1);
    const parent = this.at(path.slice(0, -1));
    const schema = typeof name === 'string' ? propertyOf(parent, name) : undefined;
    return schema && this.note(String(name), schema, parent);
  }

  private at(path: readonly YamlStep[]): ApiSchema | undefined {
    return path.reduce<ApiSchema | undefined>(
      (schema, step) => schema && this.step(schema, step),
      this.whole(this.root),
    );
  }

  private step(schema: ApiSchema, step: YamlStep): ApiSchema | undefined {
    if (typeof step === 'number') return this.whole(schema.items);
    const { additionalProperties: any } = schema;
    return this.whole(propertyOf(schema, step) ?? (typeof any === 'object' ? any : undefined));
  }

  /** A schema with what it refers to in its place. Its own description counts more than that of what it refers to. */
  private whole(schema: ApiSchema | undefined): ApiSchema | undefined {
    let found = schema;
    for (let left = MOST_REFERENCES; found && left > 0; left -= 1) {
      const next = this.referred(found);
      if (!next) return found;
      const { $ref: _, allOf: __, ...own } = found;
      found = { ...next, ...own };
    }
    return found;
  }

  private referred({ $ref, allOf }: ApiSchema): ApiSchema | undefined {
    if ($ref?.startsWith(REF)) return this.schemas[decodeURIComponent($ref.slice(REF.length))];
    return allOf?.length === 1 ? allOf[0] : undefined;
  }

  private note(name: string, schema: ApiSchema, parent: ApiSchema | undefined): FieldNote {
    const whole = this.whole(schema);
    return {
      name,
      type: this.typeOf(whole),
      description: whole?.description ?? '',
      required: parent?.required?.includes(name) ?? false,
      values: (whole?.enum ?? (whole?.type === 'boolean' ? ['true', 'false'] : [])).map(String),
    };
  }

  private typeOf(schema: ApiSchema | undefined): string {
    if (!schema) return '';
    if (schema['x-kubernetes-int-or-string']) return 'int-or-string';
    if (schema.type === 'array') return `[]${this.typeOf(this.whole(schema.items))}`;
    if (typeof schema.additionalProperties === 'object')
      return `map[string]${this.typeOf(this.whole(schema.additionalProperties))}`;
    return schema.type === 'object' || schema.properties ? 'Object' : (schema.type ?? '');
  }
}

import { loadDescriptions } from './descriptions.js';
import { enumOf } from './enums.js';
import { tables } from './generated/index.js';
import type {
  ExpectedKind,
  DefinitionSchema,
  FieldSchema,
  FieldType,
  ListType,
  MapType,
  ScalarType,
  SchemaKind,
  SchemaTable,
} from '@binnacle/apis-schema';
import { unionOf } from './unions.js';
import { writtenAs } from './written.js';

const SCALARS: Readonly<Record<string, ScalarType>> = {
  s: 'string',
  i: 'int32',
  l: 'int64',
  d: 'double',
  b: 'bool',
  y: 'bytes',
  T: 'time',
  M: 'microTime',
  Q: 'quantity',
  O: 'intOrString',
  '*': 'any',
};

function parseType(text: string, packageName: string): FieldType {
  const rest = text.slice(1);
  switch (text[0]) {
    case '[':
    case '(':
      return { kind: 'list', of: parseType(rest, packageName), wrapped: text[0] === '(' };
    case '{':
      return { kind: 'map', of: parseType(rest, packageName) };
    case '@':
      return { kind: 'object', name: rest.includes('.') ? rest : `${packageName}.${rest}` };
    default:
      return { kind: 'scalar', scalar: SCALARS[text] ?? 'any' };
  }
}

type Flags = { -readonly [Name in keyof FieldSchema]?: FieldSchema[Name] };

function applyFlag(flags: Flags, token: string, isList: boolean): void {
  const value = token.slice(1);
  switch (token[0]) {
    case '!':
      flags.required = true;
      break;
    case 'z':
      flags.omitsEmpty = true;
      break;
    case '#':
      flags.wire = value.split('.').map(Number);
      break;
    case '~':
      if (isList) flags.listType = value as ListType;
      else flags.mapType = value as MapType;
      break;
    case '=':
      flags.listMapKeys = value.split(',');
      break;
    case '>':
      flags.patchMergeKey = value;
      break;
    case '+':
      flags.patchStrategies = value.split(',');
      break;
  }
}

function parseField(text: string, packageName: string, definition: string): FieldSchema {
  const [name = '', type = '*', ...tokens] = text.split(' ');
  const flags: Flags = {};
  const parsed = parseType(type, packageName);
  for (const token of tokens) applyFlag(flags, token, parsed.kind === 'list');
  const values = enumOf(definition, name);
  const field = { required: false, omitsEmpty: false, ...flags, ...(values && { values }), name, type: parsed };
  const written = writtenAs(definition, field);
  return written ? { ...field, written } : field;
}

function parseKind(text: string | undefined): SchemaKind | undefined {
  const [group = '', version = '', kind = ''] = text?.slice(1).split('/') ?? [];
  return text === undefined ? undefined : { group, version, kind };
}

function parseDefinition(line: string, packageName: string): DefinitionSchema {
  const [head = '', ...fields] = line.split(';');
  const [short, ...tokens] = head.split(' ');
  const mapType = tokens.find((token) => token.startsWith('~'))?.slice(1) as MapType | undefined;
  const gvk = parseKind(tokens.find((token) => token.startsWith('%')));
  const name = `${packageName}.${short}`;
  const union = unionOf(name);
  return {
    name,
    freeForm: tokens.includes('*'),
    ...(mapType && { mapType }),
    ...(gvk && { gvk }),
    ...(union && { union }),
    fields: new Map(fields.map((field) => parseField(field, packageName, name)).map((field) => [field.name, field])),
  };
}

const nameOfLine = (line: string): string => /^[^ ;]*/.exec(line)?.[0] ?? '';

/** Lines of a table by short name; cut when the package is first asked for. */
const lines = new Map<string, ReadonlyMap<string, string>>();

function linesOf(packageName: string): ReadonlyMap<string, string> {
  let known = lines.get(packageName);
  if (!known) {
    const table = tables[packageName];
    known = new Map((table?.split('\n') ?? []).map((line) => [nameOfLine(line), line]));
    lines.set(packageName, known);
  }
  return known;
}

const definitions = new Map<string, DefinitionSchema>();

/** Definitions are parsed one by one, when first asked for. */
function find(name: string): DefinitionSchema | undefined {
  const known = definitions.get(name);
  if (known) return known;
  const dot = name.lastIndexOf('.');
  const packageName = name.slice(0, dot);
  const line = linesOf(packageName).get(name.slice(dot + 1));
  if (line === undefined) return undefined;
  const definition = parseDefinition(line, packageName);
  definitions.set(name, definition);
  return definition;
}

/** Every name in the tables. */
export function schemaNames(): string[] {
  return Object.keys(tables).flatMap((packageName) =>
    [...linesOf(packageName).keys()].map((short) => `${packageName}.${short}`),
  );
}

const kinds = new Map<string, string>();

function findKind({ group, version, kind }: SchemaKind): string | undefined {
  if (kinds.size === 0) {
    for (const packageName of Object.keys(tables)) {
      for (const [short, line] of linesOf(packageName)) {
        const gvk = /^[^;]*%([^ ;]*)/.exec(line)?.[1];
        if (gvk !== undefined) kinds.set(gvk, `${packageName}.${short}`);
      }
    }
  }
  return kinds.get(`${group}/${version}/${kind}`);
}

/** The structures of Kubernetes' own kinds. */
export const builtinSchemas: SchemaTable = { version: 'builtin', find, findKind, describe: loadDescriptions };

/** What the body of a request for one of Kubernetes' own kinds must be. */
export function builtinKind(group: string, version: string, kind: string): ExpectedKind {
  const schema = findKind({ group, version, kind });
  if (schema === undefined) throw new RangeError(`no schema is of the kind ${group}/${version} ${kind}`);
  return { group, version, kind, schema, schemas: builtinSchemas };
}

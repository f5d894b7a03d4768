// Makes the schema tables of libs/apis/kubernetes/src/schemas/generated from public facts about Kubernetes 1.36, which stand in
// tools/kubernetes-1.36. A test compares.
//
// A table has one line for each definition: its name and flags, then its fields, separated by `;`. A field is a name, a
// type and flags, separated by spaces. Types: s string, i int32, l int64, d double, b bool, y bytes, T Time,
// M MicroTime, Q Quantity, O IntOrString, @Name another definition, [x list, (x list that protobuf wraps in a message,
// {x map. Flags: ! required, z an empty value is left out, #n protobuf number (#n.m nested), ~t list or map type,
// =a,b list map keys, >k patch merge key, +a,b patch strategies; of definitions: * free-form, ~atomic, %group/version/Kind.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';

const TABLES = 'libs/apis/kubernetes/src/schemas/generated';
const upstream = JSON.parse(
  brotliDecompressSync(readFileSync(join(import.meta.dirname, 'kubernetes-1.36/facts.json.br'))),
);
const { definitions } = upstream;

const packageOf = (name) => name.slice(0, name.lastIndexOf('.'));
const shortOf = (name) => name.slice(name.lastIndexOf('.') + 1);
const key = (...parts) => parts.join('\n');
const mergeFacts = new Map(upstream.mergeFacts.map((row) => [key(row.definition, row.property), row]));
const omitted = new Set(
  Object.entries(upstream.zeros).flatMap(([name, fields]) => fields.map((field) => key(name, field))),
);
const EXTENSIONS = 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.';
/** Of kinds that the facts do not tell of: members that Go keeps as plain values and leaves out where they are empty. */
const PLAIN = {
  CustomResourceColumnDefinition: 'description format priority',
  CustomResourceDefinitionCondition: 'message observedGeneration reason',
  CustomResourceDefinitionNames: 'listKind singular',
  CustomResourceDefinitionSpec: 'preserveUnknownFields',
  CustomResourceDefinitionStatus: 'observedGeneration',
  CustomResourceDefinitionVersion: 'deprecated',
  ExternalDocumentation: 'description url',
  JSONSchemaProps:
    '$schema description exclusiveMaximum exclusiveMinimum format id nullable pattern title type uniqueItems ' +
    'x-kubernetes-embedded-resource x-kubernetes-int-or-string',
  ValidationRule: 'fieldPath message messageExpression',
};
for (const [name, fields] of Object.entries(PLAIN))
  for (const field of fields.split(' ')) omitted.add(key(`${EXTENSIONS}${name}`, field));
const differences = new Map(upstream.differences.map(([name, property, how]) => [key(name, property), how]));
const rowOf = ([field, [number, type, label]]) => [field, { field, number, type, label }];
const messages = new Map(
  Object.entries(upstream.messages).map(([name, fields]) => [
    name.replaceAll('_', '-'),
    new Map(Object.entries(fields).map(rowOf)),
  ]),
);

const META = 'io.k8s.apimachinery.pkg.';
const SPECIAL = new Map([
  [`${META}apis.meta.v1.Time`, 'T'],
  [`${META}apis.meta.v1.MicroTime`, 'M'],
  [`${META}api.resource.Quantity`, 'Q'],
  [`${META}util.intstr.IntOrString`, 'O'],
]);

const messageOf = (definition) => messages.get(definition.replace(/^io\.k8s\./, 'k8s.io.'));

/** The message a protobuf type names, seen from a package. */
function messageNamed(type, from) {
  const name = type
    .replace(/^map<string, /, '')
    .replace(/>$/, '')
    .replace(/^\./, '')
    .replaceAll('_', '-');
  return messages.get(name.includes('.') ? name : `${packageOf(from).replace(/^io\.k8s\./, 'k8s.io.')}.${name}`);
}

/** Numbers of 1.36 that the protobuf facts, taken from a later version, have under other names. */
const CORRECTIONS = new Map([
  [key('io.k8s.api.core.v1.NodeAllocatableResourceClaimStatus', 'resources'), '3'],
  [key('io.k8s.api.resource.v1.Device', 'nodeAllocatableResourceMappings'), '13'],
  ...['v1', 'v1beta1', 'v1beta2'].flatMap((version) => {
    const mapping = `io.k8s.api.resource.${version}.NodeAllocatableResourceMapping`;
    return [
      [key(mapping, 'capacityKey'), '1'],
      [key(mapping, 'allocationMultiplier'), '2'],
    ];
  }),
  [key('io.k8s.api.resource.v1beta1.BasicDevice', 'nodeAllocatableResourceMappings'), '13'],
  [key('io.k8s.api.resource.v1beta2.Device', 'nodeAllocatableResourceMappings'), '13'],
]);

/** How protobuf spells a JSON property: `ref` for `$ref`, `xKubernetesMapType` for `x-kubernetes-map-type`. */
const spelledIn = (property) => property.replace(/^\$/, '').replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());

/** Protobuf number of a JSON property, through the message it is nested in where it is. */
function numberOf(definition, property) {
  const corrected = CORRECTIONS.get(key(definition, property));
  if (corrected) return { path: corrected };
  const message = messageOf(definition);
  const direct = message?.get(property) ?? message?.get(spelledIn(property));
  if (direct) return { path: direct.number, row: direct };
  const difference = differences.get(key(definition, property));
  const spelled = /^spelled \w+ = (\d+)$/.exec(difference ?? '');
  if (spelled) return { path: spelled[1], row: [...message.values()].find((row) => row.number === spelled[1]) };
  const nested = /^nested in (\w+) = (\d+) \(([\w.]+)\)/.exec(difference ?? '');
  if (!nested) return undefined;
  const inner =
    numberOf(innerDefinition(definition, nested[3]), property) ??
    numberIn(messageNamed(nested[3], definition), property);
  return inner && { path: `${nested[2]}.${inner.path}`, row: inner.row };
}

const innerDefinition = (definition, type) =>
  type.includes('.') ? type.replace(/^k8s\.io\./, 'io.k8s.') : `${packageOf(definition)}.${type}`;

function numberIn(message, property) {
  const row = message?.get(property);
  return row && { path: row.number, row };
}

const SCALARS = {
  string: 's',
  'string byte': 'y',
  'string int-or-string': 'O',
  'string date-time': 'T',
  'integer int32': 'i',
  'integer int64': 'l',
  integer: 'l',
  'number double': 'd',
  number: 'd',
  boolean: 'b',
};

function typeOf(schema, definition, wrapped) {
  if (schema.$ref) {
    const name = schema.$ref.replace('#/definitions/', '');
    return SPECIAL.get(name) ?? `@${packageOf(name) === packageOf(definition) ? shortOf(name) : name}`;
  }
  if (schema.type === 'array') return `${wrapped ? '(' : '['}${typeOf(schema.items, definition, false)}`;
  if (schema.type === 'object')
    return schema.additionalProperties ? `{${typeOf(schema.additionalProperties, definition, wrapped)}` : '*';
  const scalar = SCALARS[[schema.type, schema.format].filter(Boolean).join(' ')];
  if (!scalar) throw new Error(`unknown type in ${definition}: ${JSON.stringify(schema)}`);
  return scalar;
}

/** Lists inside maps (and some lists) are messages of their own in protobuf: `message ExtraValue { repeated string items = 1; }`. */
function isWrapped(row, definition) {
  const inner = row && /[A-Z]/.test(row.type) ? messageNamed(row.type, definition) : undefined;
  return (
    inner !== undefined &&
    inner.size === 1 &&
    inner.get('items')?.label === 'repeated' &&
    row.label !== 'repeated' &&
    !/Projection$/.test(row.type)
  );
}

const facts = (definition, property, schema) => {
  const row = mergeFacts.get(key(definition, property)) ?? {};
  return {
    list: schema['x-kubernetes-list-type'] ?? row.list_type,
    keys: schema['x-kubernetes-list-map-keys']?.join(',') ?? row.list_map_keys,
    map: schema['x-kubernetes-map-type'] ?? row.map_type,
    mergeKey: schema['x-kubernetes-patch-merge-key'] ?? row.patch_merge_key,
    strategy: schema['x-kubernetes-patch-strategy'] ?? row.patch_strategy,
  };
};

function fieldOf(definition, property, schema, required) {
  const proto = numberOf(definition, property);
  const fact = facts(definition, property, schema);
  const list = schema.type === 'array';
  return [
    property,
    typeOf(schema, definition, isWrapped(proto?.row, definition)),
    required && '!',
    omitted.has(key(definition, property)) && 'z',
    proto && `#${proto.path}`,
    (list ? fact.list : fact.map) && `~${list ? fact.list : fact.map}`,
    fact.keys && `=${fact.keys}`,
    fact.mergeKey && `>${fact.mergeKey}`,
    fact.strategy && `+${fact.strategy}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function headOf(name, definition) {
  const [group, version] = packageOf(name).split('.').slice(-2);
  const kinds = definition['x-kubernetes-group-version-kind'] ?? [];
  const own =
    kinds.length === 1
      ? kinds[0]
      : kinds.find((gvk) => group === 'meta' && gvk.group === '' && gvk.version === version);
  const mapType = definition['x-kubernetes-map-type'] ?? mergeFacts.get(key(name, '(self)'))?.map_type;
  return [
    shortOf(name),
    !definition.properties && '*',
    mapType && `~${mapType}`,
    own && `%${own.group}/${own.version}/${own.kind}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function lineOf(name) {
  const definition = definitions[name];
  const required = new Set(definition.required);
  const fields = Object.entries(definition.properties ?? {}).map(([property, schema]) =>
    fieldOf(name, property, schema, required.has(property)),
  );
  return [headOf(name, definition), ...fields].join(';');
}

const usual = {
  apiVersion: definitions['io.k8s.api.core.v1.Pod'].properties.apiVersion.description,
  kind: definitions['io.k8s.api.core.v1.Pod'].properties.kind.description,
};

function descriptionsOf(name) {
  const { description, properties = {} } = definitions[name];
  const own = description ? [`${shortOf(name)}\t${description}`] : [];
  const fields = Object.entries(properties).filter(
    ([property, schema]) => schema.description && schema.description !== usual[property],
  );
  return [...own, ...fields.map(([property, schema]) => `${shortOf(name)}.${property}\t${schema.description}`)];
}

const HEADER = '// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.\n';
const quoteLine = (line) => `  ${JSON.stringify(line.replaceAll('\n', '\\n'))},`;
const moduleOf = (constant, lines) =>
  `${HEADER}export const ${constant} = [\n${lines.map(quoteLine).join('\n')}\n].join('\\n');\n`;

const names = Object.keys(definitions).sort();
const packages = [...new Set(names.map(packageOf))];
const fileOf = (name) =>
  name
    .replace(/^io\.k8s\./, '')
    .replace(/^api\./, '')
    .replace(/^apimachinery\.pkg\.(apis\.)?/, '')
    .replace(/^(apiextensions-apiserver|kube-aggregator)\.pkg\.apis\./, '')
    .replaceAll('.', '-');
const constantOf = (name) => fileOf(name).replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

/** The files of the folder of tables, by name. */
export function generatedTables() {
  const files = packages.flatMap((name) => {
    const members = names.filter((member) => packageOf(member) === name);
    return [
      [`${fileOf(name)}.ts`, moduleOf('table', members.map(lineOf))],
      [`${fileOf(name)}-descriptions.ts`, moduleOf('descriptions', members.flatMap(descriptionsOf))],
    ];
  });
  return new Map([...files, ['index.ts', index]]);
}

const index = `${HEADER}${packages.map((name) => `import { table as ${constantOf(name)} } from './${fileOf(name)}.js';`).join('\n')}

/** Tables by the package their definitions are named after. */
export const tables: Readonly<Record<string, string>> = {
${packages.map((name) => `  '${name}': ${constantOf(name)},`).join('\n')}
};

/** Descriptions are read only by documentation, so they are loaded when first asked for. */
export const descriptionLoaders: Readonly<Record<string, () => Promise<{ readonly descriptions: string }>>> = {
${packages.map((name) => `  '${name}': () => import('./${fileOf(name)}-descriptions.js'),`).join('\n')}
};

/** Descriptions of the members every kind has. */
export const usualDescriptions: Readonly<Record<string, string>> = ${JSON.stringify(usual, null, 2)};
`;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const out = join(import.meta.dirname, '..', TABLES);
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  for (const [file, text] of generatedTables()) writeFileSync(join(out, file), text);
}

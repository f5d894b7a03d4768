// Makes the static types of the Kubernetes kinds from the OpenAPI document of Kubernetes 1.36. Only the files called
// types.generated.ts are written; run the formatter afterwards.
// usage: node tools/generate-types.mjs <openapi-v2.json>
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [openapi] = process.argv.slice(2);
const out = join(dirname(fileURLToPath(import.meta.url)), '../libs/apis/kubernetes/src');
const { definitions } = JSON.parse(readFileSync(openapi, 'utf8'));

const GROUP_VERSIONS = [
  'core/v1',
  'apps/v1',
  'coordination/v1',
  'discovery/v1',
  'events/v1',
  'policy/v1',
  'scheduling/v1',
  'autoscaling/v1',
  'authentication/v1',
  'authorization/v1',
  'batch/v1',
  'rbac/v1',
  'networking/v1',
  'storage/v1',
  'certificates/v1',
];
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
const HEADER = '// Generated from the Kubernetes 1.36 schema by tools/generate-types.mjs. Do not edit.\n';
const SCALARS = { integer: 'number', number: 'number', boolean: 'boolean', string: 'string' };
const META_SCALARS = { Time: 'string', MicroTime: 'string', FieldsV1: 'Record<string, unknown>' };
const MACHINERY = { '.resource.Quantity': 'Quantity', '.intstr.IntOrString': 'IntOrString' };

/** What a file imports, gathered while its types are written. */
const emptyImports = (groupVersion) => ({ groupVersion, meta: new Set(), others: new Map() });

function metaType(short, imports) {
  if (META_SCALARS[short]) return META_SCALARS[short];
  imports.meta.add(short);
  return short;
}

function kubernetesType(name, short, imports) {
  const [, group, version] = /^io\.k8s\.api\.([a-z]+)\.(\w+)\./.exec(name) ?? [];
  const groupVersion = `${group}/${version}`;
  if (groupVersion === imports.groupVersion) return short;
  if (!GROUP_VERSIONS.includes(groupVersion)) return 'unknown';
  if (!imports.others.has(groupVersion)) imports.others.set(groupVersion, new Set());
  imports.others.get(groupVersion).add(short);
  return short;
}

function referredType(name, imports) {
  const short = name.slice(name.lastIndexOf('.') + 1);
  if (name.startsWith(META)) return metaType(short, imports);
  const machinery = Object.entries(MACHINERY).find(([suffix]) => name.endsWith(suffix))?.[1];
  if (!machinery) return kubernetesType(name, short, imports);
  imports.meta.add(machinery);
  return machinery;
}

function typeOf(schema, imports) {
  if (schema.$ref) return referredType(schema.$ref.replace('#/definitions/', ''), imports);
  if (schema.type === 'array') {
    const item = typeOf(schema.items, imports);
    return /[|& ]/.test(item) ? `Array<${item}>` : `${item}[]`;
  }
  if (schema.type === 'object') {
    const member = schema.additionalProperties ? typeOf(schema.additionalProperties, imports) : 'unknown';
    return `Record<string, ${member}>`;
  }
  return SCALARS[schema.type] ?? 'unknown';
}

function memberOf(property, schema, { isKind, required, imports }) {
  if (isKind && (property === 'apiVersion' || property === 'kind')) return `  ${property}: string;`;
  const mark = required.has(property) || (isKind && property === 'metadata') ? '' : '?';
  const key = /^[A-Za-z_$][\w$]*$/.test(property) ? property : `'${property}'`;
  return `  ${key}${mark}: ${typeOf(schema, imports)};`;
}

function declarationOf(short, definition, imports) {
  const { properties, type } = definition;
  if (!properties) return `export type ${short} = ${type === 'string' ? 'string' : 'Record<string, unknown>'};\n`;
  const context = {
    imports,
    required: new Set(definition.required),
    isKind: Boolean(properties.metadata && properties.kind),
  };
  const members = Object.entries(properties).map(([property, schema]) => memberOf(property, schema, context));
  return `export interface ${short} {\n${members.join('\n')}\n}\n`;
}

function importLines({ meta, others }) {
  const list = (names) => [...names].sort().join(', ');
  const lines = meta.size > 0 ? [`import type { ${list(meta)} } from '@binnacle/machinery-meta';`] : [];
  for (const [groupVersion, names] of others) {
    lines.push(`import type { ${list(names)} } from '../../${groupVersion}/index.js';`);
  }
  return lines.join('\n');
}

for (const groupVersion of GROUP_VERSIONS) {
  const prefix = `io.k8s.api.${groupVersion.replace('/', '.')}.`;
  const imports = emptyImports(groupVersion);
  const names = Object.keys(definitions).filter((name) => name.startsWith(prefix));
  const body = names.sort().map((name) => declarationOf(name.slice(prefix.length), definitions[name], imports));
  mkdirSync(join(out, groupVersion), { recursive: true });
  writeFileSync(
    join(out, groupVersion, 'types.generated.ts'),
    `${HEADER}${importLines(imports)}\n\n${body.join('\n')}`,
  );
}

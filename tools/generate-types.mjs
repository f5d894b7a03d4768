// Makes the static types of the Kubernetes kinds from the tables of libs/apis/kubernetes/src/schemas/generated, whose form
// generate-schema.mjs tells. Only the files called types.generated.ts are written; run the formatter afterwards. A test compares.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCE = 'libs/apis/kubernetes/src';
const TABLES = `${SOURCE}/schemas/generated`;

const GROUP_VERSIONS = [
  'core/v1',
  'apps/v1',
  'coordination/v1',
  'discovery/v1',
  'events/v1',
  'flowcontrol/v1',
  'policy/v1',
  'scheduling/v1',
  'autoscaling/v1',
  'autoscaling/v2',
  'authentication/v1',
  'authorization/v1',
  'batch/v1',
  'rbac/v1',
  'networking/v1',
  'node/v1',
  'storage/v1',
  'certificates/v1',
  'admissionregistration/v1',
  'apiregistration/v1',
  'resource/v1',
];
/** Where the definitions of a group are that is not of k8s.io/api. */
const ELSEWHERE = { 'apiregistration/v1': 'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.' };
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1.';
const HEADER = '// Generated from the Kubernetes 1.36 schema by tools/generate-types.mjs. Do not edit.\n';
const SCALARS = {
  s: 'string',
  y: 'string',
  T: 'string',
  M: 'string',
  i: 'number',
  l: 'number',
  d: 'number',
  b: 'boolean',
};
const MACHINERY = { Q: 'Quantity', O: 'IntOrString' };
const ANYTHING = 'Record<string, unknown>';

/** What a file imports, gathered while its types are written. */
const emptyImports = (prefix, groupVersion) => ({ prefix, groupVersion, meta: new Set(), others: new Map() });

function fromMachinery(short, imports) {
  imports.meta.add(short);
  return short;
}

function kubernetesType(name, short, imports) {
  if (name.startsWith(imports.prefix)) return short;
  const [, group, version] = /^io\.k8s\.api\.([a-z]+)\.(\w+)\./.exec(name) ?? [];
  const groupVersion = `${group}/${version}`;
  if (!GROUP_VERSIONS.includes(groupVersion)) return 'unknown';
  if (!imports.others.has(groupVersion)) imports.others.set(groupVersion, new Set());
  imports.others.get(groupVersion).add(short);
  return short;
}

function referredType(reference, imports) {
  const name = reference.includes('.') ? reference : imports.prefix + reference;
  const short = name.slice(name.lastIndexOf('.') + 1);
  if (name === `${META}FieldsV1`) return ANYTHING;
  return name.startsWith(META) ? fromMachinery(short, imports) : kubernetesType(name, short, imports);
}

function typeOf(text, imports) {
  const [form, rest] = [text[0], text.slice(1)];
  if (form === '@') return referredType(rest, imports);
  if (form === '{') return `Record<string, ${typeOf(rest, imports)}>`;
  if (MACHINERY[form]) return fromMachinery(MACHINERY[form], imports);
  if (form !== '[' && form !== '(') return SCALARS[form] ?? ANYTHING;
  const item = typeOf(rest, imports);
  return /[|& ]/.test(item) ? `Array<${item}>` : `${item}[]`;
}

function memberOf([property, type, ...flags], isKind, imports) {
  if (isKind && (property === 'apiVersion' || property === 'kind')) return `  ${property}: string;`;
  const mark = flags.includes('!') || (isKind && property === 'metadata') ? '' : '?';
  const key = /^[A-Za-z_$][\w$]*$/.test(property) ? property : `'${property}'`;
  return `  ${key}${mark}: ${typeOf(type, imports)};`;
}

function declarationOf(line, imports) {
  const [head, ...fields] = line.split(';').map((part) => part.split(' '));
  if (head.includes('*')) return `export type ${head[0]} = ${ANYTHING};\n`;
  const names = fields.map(([name]) => name);
  const isKind = names.includes('metadata') && names.includes('kind');
  const members = fields.map((field) => memberOf(field, isKind, imports));
  return `export interface ${head[0]} {\n${members.join('\n')}\n}\n`;
}

function importLines({ meta, others }) {
  const list = (names) => [...names].sort().join(', ');
  const lines = meta.size > 0 ? [`import type { ${list(meta)} } from '@binnacle/machinery-meta';`] : [];
  for (const [groupVersion, names] of others) {
    lines.push(`import type { ${list(names)} } from '../../${groupVersion}/index.js';`);
  }
  return lines.join('\n');
}

/** The lines of the table of a package. */
function tableOf(root, prefix) {
  const index = readFileSync(join(root, TABLES, 'index.ts'), 'utf8');
  const constant = new RegExp(`^  '${prefix.slice(0, -1)}': (\\w+),$`, 'm').exec(index)?.[1];
  const file = new RegExp(`as ${constant} \\} from './([\\w-]+)\\.js'`).exec(index)?.[1];
  if (!file) throw new Error(`there is no table of ${prefix}`);
  const text = readFileSync(join(root, TABLES, `${file}.ts`), 'utf8');
  return [...text.matchAll(/^ {2}(".*"),$/gm)].map(([, line]) => JSON.parse(line));
}

/** The files below `root` and what they hold, unformatted. */
export function generatedTypes(root) {
  return GROUP_VERSIONS.map((groupVersion) => {
    const prefix = ELSEWHERE[groupVersion] ?? `io.k8s.api.${groupVersion.replace('/', '.')}.`;
    const imports = emptyImports(prefix, groupVersion);
    const body = tableOf(root, prefix).map((line) => declarationOf(line, imports));
    const text = `${HEADER}${importLines(imports)}\n\n${body.join('\n')}`;
    return { file: join(SOURCE, groupVersion, 'types.generated.ts'), text };
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(import.meta.dirname, '..');
  for (const { file, text } of generatedTypes(root)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
}

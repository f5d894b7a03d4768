// usage: node gentypes.mjs openapi.json outdir
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
const [, , file, out] = process.argv;
const defs = JSON.parse(readFileSync(file, 'utf8')).definitions;
const groups = [
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
const metaHand = new Set([
  'ObjectMeta',
  'OwnerReference',
  'ManagedFieldsEntry',
  'ListMeta',
  'LabelSelector',
  'LabelSelectorRequirement',
  'Condition',
  'Status',
  'StatusDetails',
  'StatusCause',
  'DeleteOptions',
  'Preconditions',
  'FieldsV1',
]);
function typeOf(s, ctx) {
  if (s.$ref) {
    const n = s.$ref.replace('#/definitions/', '');
    const short = n.split('.').pop();
    if (n.startsWith(META)) {
      if (short === 'Time' || short === 'MicroTime') return 'string';
      if (short === 'FieldsV1') return 'Record<string, unknown>';
      ctx.meta.add(short);
      return short;
    }
    if (n.endsWith('.resource.Quantity')) {
      ctx.meta.add('Quantity');
      return 'Quantity';
    }
    if (n.endsWith('.intstr.IntOrString')) {
      ctx.meta.add('IntOrString');
      return 'IntOrString';
    }
    if (n.endsWith('.runtime.RawExtension')) return 'unknown';
    const m = /^io\.k8s\.api\.([a-z]+)\.(\w+)\./.exec(n);
    if (!m) return 'unknown';
    const gv = `${m[1]}/${m[2]}`;
    if (gv === ctx.gv) return short;
    if (!groups.includes(gv)) return 'unknown';
    (ctx.other[gv] ??= new Set()).add(short);
    return short;
  }
  if (s.type === 'array') {
    const t = typeOf(s.items, ctx);
    return /[|& ]/.test(t) ? `Array<${t}>` : `${t}[]`;
  }
  if (s.type === 'object')
    return s.additionalProperties
      ? `Record<string, ${typeOf(s.additionalProperties, ctx)}>`
      : 'Record<string, unknown>';
  if (s.type === 'integer' || s.type === 'number') return 'number';
  if (s.type === 'boolean') return 'boolean';
  if (s.type === 'string') return 'string';
  return 'unknown';
}
for (const gv of groups) {
  const [g, v] = gv.split('/');
  const prefix = `io.k8s.api.${g}.${v}.`;
  const ctx = { gv, meta: new Set(), other: {} };
  const body = [];
  for (const name of Object.keys(defs)
    .filter((n) => n.startsWith(prefix))
    .sort()) {
    const d = defs[name];
    const short = name.slice(prefix.length);
    const isKind = !!d.properties?.metadata && !!d.properties?.kind;
    const req = new Set(d.required ?? []);
    if (!d.properties) {
      body.push(`export type ${short} = ${d.type === 'string' ? 'string' : 'Record<string, unknown>'};\n`);
      continue;
    }
    const lines = [];
    for (const [p, s] of Object.entries(d.properties)) {
      if (isKind && (p === 'apiVersion' || p === 'kind')) {
        lines.push(`  ${p}: string;`);
        continue;
      }
      if (isKind && p === 'metadata') {
        lines.push(`  metadata: ${typeOf(s, ctx)};`);
        continue;
      }
      const key = /^[A-Za-z_$][\w$]*$/.test(p) ? p : `'${p}'`;
      lines.push(`  ${key}${req.has(p) ? '' : '?'}: ${typeOf(s, ctx)};`);
    }
    body.push(`export interface ${short} {\n${lines.join('\n')}\n}\n`);
  }
  const imports = [];
  if (ctx.meta.size)
    imports.push(`import type { ${[...ctx.meta].sort().join(', ')} } from '@binnacle/machinery-meta';`);
  for (const [ogv, set] of Object.entries(ctx.other))
    imports.push(`import type { ${[...set].sort().join(', ')} } from '../../${ogv}/index.js';`);
  const dir = `${out}/${gv}`;
  mkdirSync(dir, { recursive: true });
  writeFileSync(
    `${dir}/types.generated.ts`,
    `// Generated from the Kubernetes 1.36 schema by tools/generate-types.mjs. Do not edit.\n${imports.join('\n')}\n\n${body.join('\n')}`,
  );
  writeFileSync(`${dir}/index.ts`, `export type * from './types.generated.js';\n`);
}

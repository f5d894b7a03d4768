import { type GraphqlInput, type GraphqlType, type GraphqlTypeRef, isList, namedType } from './graphql-schema.js';
import type { Random } from './random.js';
import { odd, spoil } from './values.js';

const PATHS = [
  'metadata.name',
  'metadata.namespace',
  "metadata.labels['app']",
  'metadata.creationTimestamp',
  'status.phase',
  'spec.containers[*].image',
  'spec.containers[0].resources.limits.cpu',
  'spec.replicas',
  'data',
  'data.key',
  'spec.ports[*].targetPort',
  'kind',
  'metadata.managedFields[*].fieldsV1.x.y',
  'constructor',
  '__proto__.x',
  'metadata[*]',
  'metadata..name',
  "metadata.labels['",
  '',
  '\u0000',
  'é',
  '[0]',
  'spec.containers[99999999999]',
  'a.'.repeat(100),
];

const TEXTS = [
  'default',
  'kube-system',
  'a',
  'web',
  'v1',
  'apps/v1',
  'Pod',
  'ConfigMap',
  'Deployment',
  'Node',
  'Namespace',
  'toString',
  'app=web',
  'a in (b,c)',
  'metadata.name=a',
  '0',
  '1',
  '999999999999999',
  'MTox',
];

const MANIFESTS: readonly object[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'fuzz' }, data: { key: 'value' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'fuzz' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'fuzz', labels: { app: 'web' } },
    spec: { containers: [{ name: 'c', image: 'nginx', resources: { limits: { cpu: '1' } } }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'fuzz' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } },
    },
  },
];

const whole = (random: Random): unknown => random.pick([0, 1, 3, -1, 1000, 1001, 2 ** 31 - 1]);

const SCALARS: Readonly<Record<string, (random: Random) => unknown>> = {
  Int: whole,
  Long: whole,
  Boolean: (random) => random.chance(0.5),
  JSON: (random) => (random.chance(0.5) ? odd(random) : random.pick(TEXTS)),
};

const DEEPEST = 4;

/** Values for the arguments of fields: what they are meant for, and what they are not. */
export class GraphqlValues {
  constructor(
    private readonly types: ReadonlyMap<string, GraphqlType>,
    private readonly random: Random,
  ) {}

  /** One that may be right, now and then spoilt. */
  value({ name, type }: GraphqlInput, depth = 0): unknown {
    const { random } = this;
    if (random.chance(0.02)) return odd(random);
    if (name === 'manifest') return this.manifest();
    if (isList(type)) return Array.from({ length: random.below(4) }, () => this.single(name, type, depth));
    return this.single(name, type, depth);
  }

  private manifest(): unknown {
    const whole = structuredClone(this.random.pick(MANIFESTS));
    const manifest = this.random.chance(0.7) ? spoil(this.random, whole) : whole;
    return this.random.chance(0.2) ? JSON.stringify(manifest) : manifest;
  }

  private single(name: string, type: GraphqlTypeRef, depth: number): unknown {
    const { random } = this;
    const named = this.types.get(namedType(type));
    if (name === 'path') return random.pick(PATHS);
    if (named?.kind === 'ENUM') return random.pick(named.enumValues ?? []).name;
    if (named?.inputFields) return depth > DEEPEST ? {} : this.input(named.inputFields, depth);
    const scalar = SCALARS[named?.name ?? ''];
    return scalar ? scalar(random) : random.pick(TEXTS);
  }

  private input(fields: readonly GraphqlInput[], depth: number): object {
    const chosen = fields.filter(({ name }) => name === 'path' || this.random.chance(0.25));
    return Object.fromEntries(chosen.map((field) => [field.name, this.value(field, depth + 1)]));
  }
}

/** A value as it is written in a document; names of enums stand as they are. */
export function literal(value: unknown, isEnum: (text: string) => boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, isEnum)).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([name]) => /^[_A-Za-z]\w*$/.test(name));
    return `{${members.map(([name, member]) => `${name}: ${literal(member, isEnum)}`).join(', ')}}`;
  }
  if (typeof value === 'string' && isEnum(value)) return value;
  return JSON.stringify(value) ?? 'null';
}

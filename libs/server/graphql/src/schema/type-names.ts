import { builtinSchemas, schemaNames } from '@binnacle/apis-kubernetes/schemas';
import { pascalCase, shortName } from '@binnacle/apis-schema';
import { PEOPLE_TYPES } from '../people/types.js';

/** Types that are no kind's. */
const RESERVED = [
  'Query',
  'Mutation',
  'Subscription',
  'KubeObject',
  'Filter',
  'SortKey',
  'Direction',
  'ChangeType',
  'DeletionPropagation',
  'JSON',
  'Long',
  'IntOrString',
  'String',
  'Int',
  'Float',
  'Boolean',
  'ID',
  'WhoCan',
  'WhoCanSubject',
  'WhoCanGrant',
  ...PEOPLE_TYPES,
];
/** What is made beside the type of a kind: its page, and a change of it. */
const BESIDE = ['', 'Page', 'Change'];

/**
 * The last part of a schema name, told apart by group and version where two share it. Groups and fields of custom kinds are called
 * what no type may be.
 */
function candidates(schema: string): string[] {
  const [short = schema, version = '', group = ''] = schema.split('.').reverse().map(pascalCase);
  const names = [short, `${group}${short}`, `${group}${version}${short}`, pascalCase(schema)];
  // Two underscores at the beginning are introspection's own, and digits none's.
  return names.map((name) => (/^[A-Za-z]/.test(name) ? name : `Kind${name}`));
}

const ownNames = new Set<string>();

/** Names of Kubernetes' own structures: whatever a custom kind is called, clients of those find them as ever. */
function isOwnName(name: string): boolean {
  if (ownNames.size === 0) for (const schema of schemaNames()) ownNames.add(shortName(schema));
  return ownNames.has(name);
}

/** Chooses what the types of one GraphQL schema are called. */
export class TypeNames {
  private readonly taken = new Set<string>(RESERVED);

  /** Of a structure that is no kind's. */
  ofStructure(schema: string): string {
    return this.choose(schema, ['']);
  }

  /** Of a kind, whose page and change are called after it. */
  ofKind(schema: string): string {
    return this.choose(schema, BESIDE);
  }

  private choose(schema: string, beside: readonly string[]): string {
    const isOwn = builtinSchemas.find(schema) !== undefined;
    const isFree = (name: string) =>
      (isOwn || !isOwnName(name)) && beside.every((suffix) => !this.taken.has(name + suffix));
    const wanted = candidates(schema);
    let name = wanted.find(isFree);
    for (let count = 2; name === undefined; count += 1) {
      const numbered = `${wanted.at(-1)}${count}`;
      if (isFree(numbered)) name = numbered;
    }
    for (const suffix of beside) this.taken.add(name + suffix);
    return name;
  }
}

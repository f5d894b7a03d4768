import {
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  notSupported,
  required,
  typeInvalid,
} from '@binnacle/machinery-validation';
import {
  type AuditLevel,
  type AuditPolicy,
  type AuditRule,
  type AuditStage,
  type GroupResources,
  LEVELS,
  STAGES,
} from './policy.js';

const VERSION = 'audit.k8s.io/v1';
const FIELDS = ['apiVersion', 'kind', 'metadata', 'rules', 'omitStages', 'omitManagedFields'];
const RULE_FIELDS = [
  'level',
  'users',
  'userGroups',
  'verbs',
  'resources',
  'namespaces',
  'nonResourceURLs',
  'omitStages',
  'omitManagedFields',
];

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A policy, or all that is wrong with what was to be one. */
export type ReadPolicy =
  | { readonly policy: AuditPolicy; readonly errors?: undefined }
  | { readonly errors: readonly FieldError[] };

class Reading {
  readonly errors: FieldError[] = [];

  texts(tree: Tree, name: string, path: FieldPath): string[] {
    return this.list(tree, name, path).map(String);
  }

  list(tree: Tree, name: string, path: FieldPath): unknown[] {
    const value = tree[name] ?? [];
    if (Array.isArray(value)) return value;
    this.errors.push(typeInvalid(path.child(name), value, 'must be a list'));
    return [];
  }

  stages(tree: Tree, path: FieldPath): AuditStage[] {
    const stages = this.texts(tree, 'omitStages', path);
    for (const [at, stage] of stages.entries())
      if (!(STAGES as readonly string[]).includes(stage))
        this.errors.push(notSupported(path.child('omitStages').index(at), stage, STAGES));
    return stages as AuditStage[];
  }

  level({ level }: Tree, path: FieldPath): AuditLevel {
    const known = LEVELS.find((one) => one === level);
    if (level === undefined) this.errors.push(required(path.child('level')));
    else if (!known) this.errors.push(notSupported(path.child('level'), level, LEVELS));
    return known ?? 'None';
  }

  resources(tree: Tree, path: FieldPath): GroupResources[] {
    return this.list(tree, 'resources', path).map((value, at) => {
      const of = isTree(value) ? value : {};
      const inner = path.child('resources').index(at);
      this.unknown(of, ['group', 'resources', 'resourceNames'], inner);
      const resources = this.texts(of, 'resources', inner);
      const resourceNames = this.texts(of, 'resourceNames', inner);
      if (resourceNames.length > 0 && resources.length === 0)
        this.errors.push(
          invalid(inner.child('resourceNames'), resourceNames, 'using resourceNames requires at least one resource'),
        );
      return { group: String(of.group ?? ''), resources, resourceNames };
    });
  }

  rule(value: unknown, path: FieldPath): AuditRule {
    const tree = isTree(value) ? value : {};
    this.unknown(tree, RULE_FIELDS, path);
    const resources = this.resources(tree, path);
    const [namespaces, urls] = [this.texts(tree, 'namespaces', path), this.texts(tree, 'nonResourceURLs', path)];
    if (urls.length > 0 && (resources.length > 0 || namespaces.length > 0))
      this.errors.push(
        invalid(
          path.child('nonResourceURLs'),
          urls,
          'rules cannot apply to both regular resources and non-resource URLs',
        ),
      );
    for (const [at, url] of urls.entries()) this.url(url, path.child('nonResourceURLs').index(at));
    return {
      level: this.level(tree, path),
      users: this.texts(tree, 'users', path),
      userGroups: this.texts(tree, 'userGroups', path),
      verbs: this.texts(tree, 'verbs', path),
      resources,
      namespaces,
      nonResourceURLs: urls,
      omitStages: this.stages(tree, path),
      ...(typeof tree.omitManagedFields === 'boolean' && { omitManagedFields: tree.omitManagedFields }),
    };
  }

  unknown(tree: Tree, known: readonly string[], path?: FieldPath): void {
    for (const name of Object.keys(tree).filter((key) => !known.includes(key)))
      this.errors.push(invalid(path?.child(name) ?? name, tree[name], 'is no field of this kind'));
  }

  private url(url: string, path: FieldPath): void {
    if (url === '*') return;
    if (!url.startsWith('/'))
      this.errors.push(invalid(path, url, 'non-resource URL rules must begin with a "/" character'));
    if (url.slice(0, -1).includes('*'))
      this.errors.push(invalid(path, url, "non-resource URL wildcards '*' must be the final character of the rule"));
  }
}

/** Reads a Policy of audit.k8s.io, as decoded from YAML. */
export function readAuditPolicy(value: unknown): ReadPolicy {
  const reading = new Reading();
  const tree = isTree(value) ? value : {};
  if (tree.kind !== 'Policy') reading.errors.push(notSupported('kind', tree.kind, ['Policy']));
  if (tree.apiVersion !== VERSION) reading.errors.push(notSupported('apiVersion', tree.apiVersion, [VERSION]));
  reading.unknown(tree, FIELDS);
  const rules = (Array.isArray(tree.rules) ? tree.rules : []).map((rule, at) =>
    reading.rule(rule, fieldPath('rules').index(at)),
  );
  if (rules.length === 0) reading.errors.push(required('rules', 'a policy without rules notes nothing'));
  const stages = reading.texts(tree, 'omitStages', fieldPath('policy'));
  const wrong = stages.find((stage) => !(STAGES as readonly string[]).includes(stage));
  if (wrong !== undefined) reading.errors.push(notSupported('omitStages', wrong, STAGES));
  if (reading.errors.length > 0) return { errors: reading.errors };
  const omitManagedFields = tree.omitManagedFields === true;
  return { policy: { rules, omitStages: stages as AuditStage[], omitManagedFields } };
}

import {
  LEVEL_FAULT,
  type LevelVersion,
  MODES,
  type Mode,
  parseLevel,
  parseVersion,
  type Policy,
  VERSION_FAULT,
} from '@binnacle/apis-kubernetes/pod-security';
import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  isDns1123Label,
  isDns1123Subdomain,
  notSupported,
  typeInvalid,
} from '@binnacle/machinery-validation';
import type { PodSecurityConfiguration, PodSecurityExemptions } from './exemptions.js';

const VERSIONS = ['v1', 'v1beta1', 'v1alpha1'].map((version) => `pod-security.admission.config.k8s.io/${version}`);
const KIND = 'PodSecurityConfiguration';

type Tree = Readonly<Record<string, unknown>>;
type NameFault = (name: string) => readonly string[];

const nameFaults: Readonly<Record<keyof PodSecurityExemptions, NameFault>> = {
  usernames: (name) => (name === '' ? ['username must not be empty'] : []),
  namespaces: isDns1123Label,
  runtimeClasses: isDns1123Subdomain,
};

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a file's parts, and notes all that is wrong with them. */
class Reading {
  readonly errors: FieldError[] = [];

  member(tree: Tree, name: string): Tree {
    const value = tree[name] ?? {};
    if (isTree(value)) return value;
    this.errors.push(typeInvalid(fieldPath(name), value, 'must be an object'));
    return {};
  }

  mode(defaults: Tree, mode: Mode): LevelVersion {
    const path = fieldPath('defaults');
    const level = String(defaults[mode] ?? 'privileged');
    const version = String(defaults[`${mode}-version`] ?? 'latest');
    const [known, knownVersion] = [parseLevel(level), parseVersion(version)];
    if (!known) this.errors.push(invalid(path.child(mode), level, LEVEL_FAULT));
    if (knownVersion === undefined) this.errors.push(invalid(path.child(`${mode}-version`), version, VERSION_FAULT));
    return { level: known ?? 'restricted', version: knownVersion ?? 0 };
  }

  names(exemptions: Tree, of: keyof PodSecurityExemptions): string[] {
    const path = fieldPath('exemptions', of);
    const value = exemptions[of] ?? [];
    if (!Array.isArray(value)) {
      this.errors.push(typeInvalid(path, value, 'must be a list'));
      return [];
    }
    const names = value.map(String);
    for (const [at, name] of names.entries())
      this.check(path.index(at), name, nameFaults[of], names.indexOf(name) < at);
    return names;
  }

  unknown(tree: Tree, known: readonly string[], path?: FieldPath): void {
    for (const name of Object.keys(tree).filter((key) => !known.includes(key)))
      this.errors.push(invalid(path?.child(name) ?? name, tree[name], 'is no field of this kind'));
  }

  private check(path: FieldPath, name: string, faultsOf: NameFault, isRepeated: boolean): void {
    const faults = faultsOf(name);
    if (faults.length > 0) this.errors.push(invalid(path, name, faults.join(', ')));
    else if (isRepeated) this.errors.push(duplicate(path, name));
  }
}

/** What was read, or all that is wrong with it. */
export type ReadConfiguration =
  | { readonly configuration: PodSecurityConfiguration; readonly errors?: undefined }
  | { readonly errors: readonly FieldError[] };

const MODE_FIELDS = MODES.flatMap((mode) => [mode, `${mode}-version`]);

/** Reads a PodSecurityConfiguration, as decoded from YAML. */
export function readPodSecurityConfiguration(value: unknown): ReadConfiguration {
  const reading = new Reading();
  const tree = isTree(value) ? value : {};
  if (tree.kind !== KIND) reading.errors.push(notSupported('kind', tree.kind, [KIND]));
  if (!VERSIONS.includes(String(tree.apiVersion)))
    reading.errors.push(notSupported('apiVersion', tree.apiVersion, VERSIONS));
  reading.unknown(tree, ['apiVersion', 'kind', 'defaults', 'exemptions']);
  const [defaults, exempt] = [reading.member(tree, 'defaults'), reading.member(tree, 'exemptions')];
  reading.unknown(defaults, MODE_FIELDS, fieldPath('defaults'));
  reading.unknown(exempt, Object.keys(nameFaults), fieldPath('exemptions'));
  const policy: Policy = {
    enforce: reading.mode(defaults, 'enforce'),
    audit: reading.mode(defaults, 'audit'),
    warn: reading.mode(defaults, 'warn'),
  };
  const exemptions: PodSecurityExemptions = {
    usernames: reading.names(exempt, 'usernames'),
    namespaces: reading.names(exempt, 'namespaces'),
    runtimeClasses: reading.names(exempt, 'runtimeClasses'),
  };
  if (reading.errors.length > 0) return { errors: reading.errors };
  return { configuration: { defaults: policy, exemptions } };
}

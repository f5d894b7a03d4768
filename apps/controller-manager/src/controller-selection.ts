import { ConfigError } from '@binnacle/process-config';

/** By what a controller is asked for: upstream's name, or an older one of upstream's. */
export interface ControllerNames {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly offByDefault?: boolean;
}

/**
 * Names of upstream's that may be said and start nothing: of clouds, or of kinds that Kubernetes 1.36 does not serve unless a
 * feature gate is opened.
 */
export const ABSENT: readonly ControllerNames[] = [
  { name: 'service-lb-controller', aliases: ['service'] },
  { name: 'node-route-controller', aliases: ['route'] },
  { name: 'cloud-node-lifecycle-controller', aliases: ['cloud-node-lifecycle'] },
  { name: 'podcertificaterequest-cleaner-controller' },
  { name: 'podgroup-protection-controller' },
  { name: 'kube-apiserver-serving-clustertrustbundle-publisher-controller' },
  { name: 'storageversion-garbage-collector-controller', aliases: ['storage-version-gc'] },
  { name: 'storage-version-migrator-controller', aliases: ['svm'] },
  { name: 'resourcepoolstatusrequest-controller' },
  { name: 'selinux-warning-controller', offByDefault: true },
];

const withoutSign = (word: string) => (word.startsWith('-') ? word.slice(1) : word);

function canonical(known: readonly ControllerNames[]): (word: string) => string {
  const names = new Map(
    known.flatMap(({ name, aliases = [] }) => [name, ...aliases].map((each) => [each, name] as const)),
  );
  return (word) => {
    if (word === '*') return word;
    const name = names.get(withoutSign(word));
    if (name === undefined)
      throw new ConfigError(`--controllers: "${withoutSign(word)}" is not in the list of known controllers`);
    return word.startsWith('-') ? `-${name}` : name;
  };
}

/**
 * Reads `--controllers`: `*` for all that are on by default, `name` for one, `-name` for all but one; the first word about a
 * controller counts. Throws ConfigError for a name nobody knows. Behaves as kubernetes controller-manager IsControllerEnabled.
 */
export function selectControllers(words: string, known: readonly ControllerNames[]): ReadonlySet<string> {
  const given = words
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map(canonical([...known, ...ABSENT]));
  const isEnabled = ({ name, offByDefault = false }: ControllerNames) => {
    const said = given.find((word) => withoutSign(word) === name);
    return said === undefined ? given.includes('*') && !offByDefault : said === name;
  };
  return new Set(known.filter(isEnabled).map(({ name }) => name));
}

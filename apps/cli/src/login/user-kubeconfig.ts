import { mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { formatYaml, parseYaml } from '@binnacle/machinery-yaml';
import { ConfigError } from '@binnacle/process-config';
import { writePrivate } from '../data-dir/write-file.js';
import type { ServerPlace } from './ask-server.js';

/** What kubectl runs to get a credential. */
export interface ExecCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

export interface LoginContext extends ServerPlace {
  /** Of the context, its cluster and its user. */
  readonly name: string;
  /** The path of a logical cluster; empty for `main`. */
  readonly path: string;
  readonly exec: ExecCommand;
}

interface Named {
  readonly name: string;
}

interface Kubeconfig {
  readonly clusters?: readonly Named[] | null;
  readonly users?: readonly Named[] | null;
  readonly contexts?: readonly Named[] | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The file kubectl writes to: the first of `KUBECONFIG`, else `~/.kube/config`. */
export function kubeconfigFile(environment: Environment = process.env): string {
  const [first] = (environment.KUBECONFIG ?? '').split(delimiter).filter(Boolean);
  return first ?? join(homedir(), '.kube', 'config');
}

const replaced = <T extends Named>(entries: readonly Named[] | null | undefined, entry: T): Named[] => [
  ...(entries ?? []).filter(({ name }) => name !== entry.name),
  entry,
];

function entriesOf({ name, server, path, certificateAuthority, exec }: LoginContext) {
  const authority = certificateAuthority && Buffer.from(certificateAuthority).toString('base64');
  return {
    cluster: { server: `${server}${path}`, ...(authority && { 'certificate-authority-data': authority }) },
    user: {
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        ...exec,
        interactiveMode: 'Never',
        provideClusterInfo: false,
        installHint: `binnacle is not where it was; run "binnacle login --server ${server}" again`,
      },
    },
    context: { cluster: name, user: name },
  };
}

/** The text of a kubeconfig with a context more, which is the current one; all else stays. @throws ConfigError */
export function withContext(text: string, login: LoginContext): string {
  const { name } = login;
  const { cluster, user, context } = entriesOf(login);
  const config = readConfig(text);
  return formatYaml({
    apiVersion: 'v1',
    kind: 'Config',
    ...config,
    clusters: replaced(config.clusters, { name, cluster }),
    users: replaced(config.users, { name, user }),
    contexts: replaced(config.contexts, { name, context }),
    'current-context': name,
  });
}

function readConfig(text: string): Kubeconfig {
  if (text.trim() === '') return {};
  const { value } = parseYaml(text);
  const lists = ['clusters', 'users', 'contexts'] as const;
  const config = value as Kubeconfig | null;
  const isConfig = typeof config === 'object' && config !== null && !Array.isArray(config);
  if (isConfig && lists.every((list) => config[list] == null || Array.isArray(config[list]))) return config;
  throw new ConfigError('the kubeconfig is none; mend it, or write another file with --kubeconfig');
}

/** Adds a context to a file, or makes it. */
export function writeContext(file: string, login: LoginContext): void {
  let before = '';
  try {
    before = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writePrivate(file, withContext(before, login));
}

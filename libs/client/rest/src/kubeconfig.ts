import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseYaml } from '@binnacle/machinery-yaml';
import type { ClientConfig } from './config.js';

interface Named {
  readonly name: string;
}

interface ClusterEntry {
  readonly server: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
}

interface UserEntry {
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
  readonly token?: string;
  readonly tokenFile?: string;
}

interface Kubeconfig {
  readonly 'current-context'?: string;
  readonly contexts?: ReadonlyArray<Named & { context: { cluster: string; user?: string; namespace?: string } }>;
  readonly clusters?: ReadonlyArray<Named & { cluster: ClusterEntry }>;
  readonly users?: ReadonlyArray<Named & { user: UserEntry }>;
}

export interface KubeconfigOptions {
  /** Relative file names in the text start here. */
  readonly directory?: string;
  /** A context other than the current one. */
  readonly context?: string;
}

function find<T extends Named>(what: string, entries: readonly T[] | undefined, name: string | undefined): T {
  const entry = Array.isArray(entries) ? entries.find((candidate: T | null) => candidate?.name === name) : undefined;
  if (!entry) throw new Error(`kubeconfig: there is no ${what} "${name ?? ''}"`);
  return entry;
}

function pem(directory: string, data: string | undefined, file: string | undefined): string | undefined {
  if (data) return Buffer.from(data, 'base64').toString('utf8');
  return file ? readFileSync(resolve(directory, file), 'utf8') : undefined;
}

/** `/clusters/<name>` at the end of a server's address names a logical cluster. */
function splitServer(entry: ClusterEntry | null | undefined, name: string): Pick<ClientConfig, 'server' | 'cluster'> {
  const text = entry?.server;
  if (typeof text !== 'string' || !URL.canParse(text))
    throw new Error(`kubeconfig: the server of cluster "${name}" is no URL`);
  const url = new URL(text);
  const cluster = /^\/clusters\/([^/]+)\/?$/.exec(url.pathname)?.[1];
  return { server: url.origin, ...(cluster && { cluster }) };
}

function credentialsOf(user: UserEntry, directory: string): Pick<ClientConfig, 'cert' | 'key' | 'token'> {
  return {
    cert: pem(directory, user['client-certificate-data'], user['client-certificate']),
    key: pem(directory, user['client-key-data'], user['client-key']),
    token: user.token ?? (user.tokenFile && readFileSync(resolve(directory, user.tokenFile), 'utf8').trim()),
  };
}

/** Reads the text of a kubeconfig file. Throws an Error that says what is missing. */
export function loadKubeconfig(text: string, { directory = '.', ...options }: KubeconfigOptions = {}): ClientConfig {
  const config = parseYaml(text).value as Kubeconfig | null;
  const { context } = find('context', config?.contexts, options.context ?? config?.['current-context']);
  const { cluster, name } = find('cluster', config?.clusters, context?.cluster);
  const user = context.user ? find('user', config?.users, context.user).user : undefined;
  return {
    ...splitServer(cluster, name),
    ca: pem(directory, cluster['certificate-authority-data'], cluster['certificate-authority']),
    ...credentialsOf(user ?? {}, directory),
    serverName: cluster['tls-server-name'],
    insecureSkipTlsVerify: cluster['insecure-skip-tls-verify'],
  };
}

/** Reads a kubeconfig file; names of files in it are relative to it. */
export function loadKubeconfigFile(path: string, context?: string): ClientConfig {
  return loadKubeconfig(readFileSync(path, 'utf8'), { directory: dirname(path), context });
}

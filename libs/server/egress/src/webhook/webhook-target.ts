import { dirname, resolve } from 'node:path';
import type { EgressTls } from '../guarded-fetch.js';

/** Where a webhook is, and as whom it is asked. */
export interface WebhookTarget {
  /** HTTPS. */
  readonly url: string;
  readonly tls: EgressTls;
  /** For each request anew: a token in a file may change. */
  readonly headers: () => Readonly<Record<string, string>>;
}

type ReadFile = (path: string) => string;
type Tree = Readonly<Record<string, unknown>>;

/** A kubeconfig that does not say what it must. */
export class WebhookConfigError extends Error {
  override readonly name = 'WebhookConfigError';
}

function named(tree: Tree, list: string, name: unknown, member: string): Tree {
  const entries = Array.isArray(tree[list]) ? (tree[list] as Tree[]) : [];
  const found = entries.find((entry) => entry?.name === name)?.[member];
  if (typeof found === 'object' && found !== null) return found as Tree;
  throw new WebhookConfigError(`the kubeconfig has no ${member} ${JSON.stringify(name ?? '')}`);
}

/** Data in the file itself goes before a file that it names, which is looked for beside it. */
function pem(tree: Tree, name: string, file: string, readFile: ReadFile): string | undefined {
  const data = tree[`${name}-data`];
  if (typeof data === 'string' && data !== '') return Buffer.from(data, 'base64').toString();
  const path = tree[name];
  return typeof path === 'string' && path !== '' ? readFile(resolve(dirname(file), path)) : undefined;
}

const given = (name: string, value: unknown): object =>
  typeof value === 'string' && value !== '' ? { [name]: value } : {};

function headersOf(user: Tree, file: string, readFile: ReadFile): WebhookTarget['headers'] {
  const { token, tokenFile, username, password } = user;
  if (typeof tokenFile === 'string' && tokenFile !== '')
    return () => ({ authorization: `Bearer ${readFile(resolve(dirname(file), tokenFile)).trim()}` });
  if (typeof token === 'string' && token !== '') return () => ({ authorization: `Bearer ${token}` });
  if (typeof username !== 'string' || username === '') return () => ({});
  const basic = Buffer.from(`${username}:${String(password ?? '')}`).toString('base64');
  return () => ({ authorization: `Basic ${basic}` });
}

/** Reads a kubeconfig, decoded from the YAML of `file`: its current context says where and as whom. Throws WebhookConfigError. */
export function webhookTarget(value: unknown, file: string, readFile: ReadFile): WebhookTarget {
  const tree = (typeof value === 'object' && value !== null ? value : {}) as Tree;
  const context = named(tree, 'contexts', tree['current-context'], 'context');
  const cluster = named(tree, 'clusters', context.cluster, 'cluster');
  const user = context.user === undefined ? {} : named(tree, 'users', context.user, 'user');
  const url = String(cluster.server ?? '');
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:')
    throw new WebhookConfigError('the server of a webhook must be an https URL');
  const read = (of: Tree, name: string) => pem(of, name, file, readFile);
  const tls = {
    ...given('ca', read(cluster, 'certificate-authority')),
    ...given('cert', read(user, 'client-certificate')),
    ...given('key', read(user, 'client-key')),
    ...given('servername', cluster['tls-server-name']),
    ...(cluster['insecure-skip-tls-verify'] === true && { rejectUnauthorized: false }),
  };
  return { url, tls, headers: headersOf(user, file, readFile) };
}

import { readFileSync } from 'node:fs';
import { clusterPrefix, DEFAULT_CLUSTER, parseMoment } from '@binnacle/machinery-meta';
import { formatYaml, parseYaml } from '@binnacle/machinery-yaml';
import { ConfigError } from '@binnacle/process-config';
import { requireOwnDataDir } from '../data-dir/inspect.js';
import { layout } from '../data-dir/layout.js';
import { writePrivate } from '../data-dir/write-file.js';
import { clusterName } from './cluster-arguments.js';
import { type UserFlags, userKubeconfig } from './user-kubeconfig.js';

export interface KubeconfigFlags extends Partial<UserFlags> {
  readonly dataDir: string;
  /** A file instead of the standard output. */
  readonly output?: string;
  /** A logical cluster; `main` without it. */
  readonly cluster?: string;
  /** A revision or an RFC 3339 time, to see the cluster as it was. */
  readonly at?: string;
}

type Place = Pick<KubeconfigFlags, 'cluster' | 'at'>;

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string } }[];
  readonly contexts: readonly { readonly name: string; readonly context: { readonly user: string } }[];
}

/** The path below which a server serves a logical cluster, now or as it was; empty for the one it serves at its root. */
function pathOf({ cluster = DEFAULT_CLUSTER, at }: Place): string {
  const name = clusterName(cluster);
  if (at === undefined) return clusterPrefix(name);
  if (!parseMoment(at))
    throw new ConfigError(`--at: "${at}" is neither a revision nor a time such as 2026-01-31T10:00:00Z`);
  return `/clusters/${name}@${at}`;
}

/** A kubeconfig whose only context is another place on the same server. Throws ConfigError for a place there cannot be. */
export function kubeconfigFor(text: string, place: Place): string {
  const path = pathOf(place);
  if (path === '') return text;
  const config = parseYaml(text).value as Kubeconfig;
  const name = path.slice('/clusters/'.length);
  const clusters = config.clusters.map(({ cluster }) => ({
    name,
    cluster: { ...cluster, server: `${cluster.server}${path}` },
  }));
  const contexts = config.contexts.map(({ context }) => ({ name, context: { ...context, cluster: name } }));
  return formatYaml({ ...config, 'current-context': name, clusters, contexts });
}

/** Prints the administrator's kubeconfig, or one for somebody else; or writes it to a file that its owner alone may read. */
export async function kubeconfig(flags: KubeconfigFlags, now = Date.now()): Promise<void> {
  const dir = requireOwnDataDir(layout(flags.dataDir));
  const admin = read(dir.adminKubeconfig);
  const { user, group, ttl, allowSystem } = flags;
  if (user === undefined && (group || ttl || allowSystem))
    throw new ConfigError('--group, --ttl and --allow-system are said of somebody; name them with --user');
  const asked = { ...(group && { group }), ...(ttl && { ttl }), ...(allowSystem && { allowSystem }) };
  const text = user === undefined ? admin : await userKubeconfig(dir, { user, ...asked }, admin, now);
  const placed = kubeconfigFor(text, flags);
  if (flags.output) writePrivate(flags.output, placed);
  else process.stdout.write(placed);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new ConfigError(`there is no kubeconfig at ${file}; run "binnacle up" first`);
  }
}

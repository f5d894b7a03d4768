import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { ConfigError } from '@binnacle/process-config';

/** The Node whose kubelet runs the control plane. */
export const CONTROL_PLANE_NODE = 'control-plane';

/** Where everything that must last is kept. One directory is one cluster installation. */
export interface DataDir {
  readonly root: string;
  readonly pki: string;
  readonly kubeconfigs: string;
  readonly manifests: string;
  /** One JSON file per simulated node. */
  readonly nodes: string;
  readonly postgres: string;
  /** URL of a database that is not ours, with its password. */
  readonly databaseUrlFile: string;
  /** Says that a database was made here. */
  readonly databaseNote: string;
  /** Sockets and the pid file. */
  readonly run: string;
  readonly logs: string;
  /** What the audit log notes. */
  readonly auditPolicy: string;
  readonly auditLog: string;
  /** Whose tokens are believed beside the API's own. */
  readonly authentication: string;
  /** Keys by which Secrets are sealed where they are stored. */
  readonly encryption: string;
  readonly kubelet: string;
  /** Of all simulated nodes. */
  readonly simulatedKubelet: string;
  /** Copies of programs, for accounts that may not enter the checkout. */
  readonly libraries: string;
  readonly accounts: string;
  readonly settings: string;
  readonly pidFile: string;
  readonly kubeletPidFile: string;
  readonly adminKubeconfig: string;
}

/** Longest path a unix socket may have on Linux, less the name Postgres gives its own. */
const LONGEST_SOCKET_DIRECTORY = 107 - '/.s.PGSQL.5432'.length;

function home(): string | undefined {
  try {
    return homedir();
  } catch {
    // No HOME and no entry in /etc/passwd.
    return undefined;
  }
}

/** Where the cluster of an account is kept unless it says where; undefined where it has no home. */
export function defaultRoot(uid: number, env: NodeJS.ProcessEnv): string | undefined {
  if (uid === 0) return '/var/lib/binnacle';
  const state = env.XDG_STATE_HOME || (home() && join(home() ?? '', '.local', 'state'));
  return state ? join(state, 'binnacle') : undefined;
}

export function layout(root: string): DataDir {
  if (!root) throw new ConfigError('this account has no home; say with --data-dir where everything is to be kept');
  const run = join(root, 'run');
  // In bytes: a Chinese letter is three.
  if (Buffer.byteLength(join(run, 'postgres')) > LONGEST_SOCKET_DIRECTORY) {
    const most = LONGEST_SOCKET_DIRECTORY - '/run/postgres'.length;
    throw new ConfigError(
      `the data directory's path is too long for unix sockets: ${root}; choose one of at most ${most} bytes with --data-dir`,
    );
  }
  return {
    root,
    run,
    pki: join(root, 'pki'),
    kubeconfigs: join(root, 'kubeconfig'),
    manifests: join(root, 'manifests'),
    nodes: join(root, 'nodes'),
    postgres: join(root, 'postgres'),
    databaseUrlFile: join(root, 'database-url'),
    databaseNote: join(root, 'database.json'),
    logs: join(root, 'logs'),
    auditPolicy: join(root, 'audit-policy.yaml'),
    auditLog: join(root, 'logs', 'audit', 'audit.log'),
    authentication: join(root, 'authentication.yaml'),
    encryption: join(root, 'pki', 'encryption.yaml'),
    kubelet: join(root, 'kubelet'),
    simulatedKubelet: join(root, 'kubelet-sim'),
    libraries: join(root, 'lib'),
    accounts: join(root, 'pki', 'accounts.json'),
    settings: join(root, 'settings.json'),
    pidFile: join(run, 'binnacle.pid'),
    kubeletPidFile: join(run, 'kubelet.pid'),
    adminKubeconfig: join(root, 'kubeconfig', 'admin.conf'),
  };
}

/** The names of everything that stands in it at the top. */
export function entriesOf(dir: DataDir): string[] {
  return (Object.values(dir) as string[]).filter((path) => dirname(path) === dir.root).map((path) => basename(path));
}

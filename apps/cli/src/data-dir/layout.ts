import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '@binnacle/process-config';

/** Where everything that must last is kept. One directory is one cluster installation. */
export interface DataDir {
  readonly root: string;
  readonly pki: string;
  readonly kubeconfigs: string;
  readonly manifests: string;
  /** One JSON file per simulated node. */
  readonly nodes: string;
  readonly postgres: string;
  /** Sockets and the pid file. */
  readonly run: string;
  readonly logs: string;
  readonly kubelet: string;
  readonly accounts: string;
  readonly settings: string;
  readonly pidFile: string;
  readonly kubeletPidFile: string;
  readonly adminKubeconfig: string;
}

/** Longest path a unix socket may have on Linux, less the name Postgres gives its own. */
const LONGEST_RUN_PATH = 107 - '/.s.PGSQL.5432'.length;

export function defaultRoot(uid: number, env: NodeJS.ProcessEnv): string {
  if (uid === 0) return '/var/lib/binnacle';
  return join(env.XDG_STATE_HOME || join(homedir(), '.local', 'state'), 'binnacle');
}

export function layout(root: string): DataDir {
  const run = join(root, 'run');
  if (run.length > LONGEST_RUN_PATH) {
    throw new ConfigError(
      `the data directory's path is too long for unix sockets: ${root}; choose one below ${LONGEST_RUN_PATH - 4} characters with --data-dir`,
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
    logs: join(root, 'logs'),
    kubelet: join(root, 'kubelet'),
    accounts: join(root, 'pki', 'accounts.json'),
    settings: join(root, 'settings.json'),
    pidFile: join(run, 'binnacle.pid'),
    kubeletPidFile: join(run, 'kubelet.pid'),
    adminKubeconfig: join(root, 'kubeconfig', 'admin.conf'),
  };
}

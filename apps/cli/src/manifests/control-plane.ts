import { join } from 'node:path';
import { CONTROL_PLANE_NODE, type DataDir } from '../data-dir/layout.js';
import { externalCidrFlag } from '../load-balancer-addresses.js';
import { databaseDirectory, socketDirectory } from '../postgres/directory.js';
import { pastLeftLocks } from '../postgres/left-locks.js';
import type { EmbeddedPostgres } from '../postgres/prepare-postgres.js';
import type { ComponentSpec } from './static-pod.js';

export interface ControlPlaneOptions {
  readonly dir: DataDir;
  /** Directory of the built programs, `apps/`. */
  readonly programs: string;
  readonly database: DatabaseSource;
  readonly ports: Ports;
  readonly podCidr: string;
  readonly serviceCidr: string;
  /** Addresses of load balancers; undefined where there is no cloud controller manager. */
  readonly loadBalancerCidrs: readonly string[] | undefined;
  readonly web: boolean;
  readonly dns: boolean;
  /** Who is asked about names beside the clusters'; nobody where it is not said. */
  readonly dnsUpstream?: string;
  readonly verbose: boolean;
  /** Where the dashboard is reached; on this machine where nobody says. */
  readonly publicUrls?: readonly string[];
}

/**
 * A URL may hold a password, and a manifest is shown to everybody who may see Pods: one that is not ours stands in a file, and
 * here only when that was written, so that another database makes another Pod.
 */
export type DatabaseSource = { readonly embeddedUrl: string } | { readonly file: string; readonly written: string };

function databaseSettings(source: DatabaseSource): { readonly flags: string[]; readonly env: Record<string, string> } {
  if ('embeddedUrl' in source) return { flags: [], env: { BINNACLE_DATABASE_URL: source.embeddedUrl } };
  return { flags: [`--database-url-file=${source.file}`], env: { BINNACLE_DATABASE_URL_WRITTEN: source.written } };
}

/** 300 MB at the most, and a month. */
const AUDIT_LOG_SIZE = ['--audit-log-maxsize=50', '--audit-log-maxbackup=5', '--audit-log-maxage=30'];

/** The components that settings may leave out. */
export const OPTIONAL = ['postgres', 'web', 'kube-dns', 'ingress-controller', 'cloud-controller-manager'];

export interface Ports {
  readonly apiServer: number;
  readonly web: number;
  readonly kubelet: number;
  readonly scheduler: number;
  readonly controllerManager: number;
  readonly kubeProxy: number;
  /** Where the API server asks kube-proxy what it carries. */
  readonly kubeProxyTraffic: number;
  readonly dns: number;
  readonly ingressController: number;
  readonly cloudControllerManager: number;
}

/** Small heaps: the young generation of a quiet process need not be large, and it is most of what an idle one holds. */
const node = (options: ControlPlaneOptions, app: string, megabytes: number): string[] => [
  process.execPath,
  `--max-old-space-size=${megabytes}`,
  join(options.programs, app, 'dist', 'main.js'),
];

/** Under load most of what the API server makes is garbage at once; a young generation of this many MiB collects it as such. */
const API_SERVER_YOUNG = '--max-semi-space-size=32';

const kubeconfig = ({ dir }: ControlPlaneOptions, name: string) =>
  `--kubeconfig=${join(dir.kubeconfigs, `${name}.conf`)}`;
const healthz = (port: number) => ({ path: '/healthz', port });

/**
 * Where memory runs out, what can be started again without anybody's loss goes first; what upstream gives its components
 * (-997) is kept for what all others wait for.
 */
const OOM_SCORES = { vital: -997, worker: 100, web: 300, simulation: 800 };

const POSTGRES_SETTINGS = {
  listen_addresses: '',
  max_connections: '60',
  shared_buffers: '64MB',
  max_wal_size: '2GB',
  // The process that commits should find clean buffers, not make them; at rest the writer sleeps.
  bgwriter_delay: '10ms',
  bgwriter_lru_maxpages: '1000',
  bgwriter_lru_multiplier: '4',
  wal_level: 'replica',
  log_min_messages: 'warning',
  jit: 'off',
};

export function postgres(dir: DataDir, { binaries, user }: EmbeddedPostgres): ComponentSpec {
  const [data, socket] = [databaseDirectory(dir), join(socketDirectory(dir), '.s.PGSQL.5432')];
  const settings = Object.entries({ ...POSTGRES_SETTINGS, unix_socket_directories: socketDirectory(dir) });
  return {
    name: 'postgres',
    command: pastLeftLocks(data, `${socket}.lock`, [
      binaries.postgres,
      '-D',
      data,
      ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ]),
    runAsUser: user.uid,
    runAsGroup: user.gid,
    readiness: { command: ['test', '-S', socket] },
    stopOrder: 100,
    oomScore: OOM_SCORES.vital,
  };
}

/** Where people are sent to, and where passkeys and providers lead back to. */
function publicUrls({ publicUrls: said, web, ports }: ControlPlaneOptions): string[] {
  const urls = said ?? (web ? [`http://127.0.0.1:${ports.web}`] : []);
  return urls.length > 0 ? [`--public-url=${urls.join(',')}`] : [];
}

export function apiServer(options: ControlPlaneOptions): ComponentSpec {
  const pki = (name: string) => join(options.dir.pki, name);
  const port = options.ports.apiServer;
  const { flags, env } = databaseSettings(options.database);
  return {
    name: 'kube-apiserver',
    command: [
      process.execPath,
      API_SERVER_YOUNG,
      ...node(options, 'api-server', 2048).slice(1),
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--tls-cert-file=${pki('apiserver.crt')}`,
      `--tls-private-key-file=${pki('apiserver.key')}`,
      `--client-ca-file=${pki('ca.crt')}`,
      `--service-account-key-file=${pki('sa.pub')}`,
      `--service-account-signing-key-file=${pki('sa.key')}`,
      `--session-key-file=${pki('session.key')}`,
      `--kubelet-client-certificate=${pki('apiserver-kubelet-client.crt')}`,
      `--kubelet-client-key=${pki('apiserver-kubelet-client.key')}`,
      `--kube-proxy-endpoints=127.0.0.1:${options.ports.kubeProxyTraffic}`,
      `--service-cluster-ip-range=${options.serviceCidr}`,
      `--bootstrap-accounts-file=${options.dir.accounts}`,
      `--audit-policy-file=${options.dir.auditPolicy}`,
      `--audit-log-path=${options.dir.auditLog}`,
      ...AUDIT_LOG_SIZE,
      `--authentication-config=${options.dir.authentication}`,
      `--encryption-provider-config=${options.dir.encryption}`,
      '--encryption-provider-config-automatic-reload',
      ...publicUrls(options),
      ...flags,
    ],
    env,
    readiness: { path: '/readyz', port, scheme: 'HTTPS' },
    liveness: { path: '/livez', port, scheme: 'HTTPS' },
    ports: [port],
    stopOrder: 90,
    oomScore: OOM_SCORES.vital,
  };
}

function worker(
  options: ControlPlaneOptions,
  name: string,
  app: string,
  port: number,
  flags: readonly string[] = [],
): ComponentSpec {
  return {
    name,
    command: [...node(options, app, 1024), kubeconfig(options, name), `--health-port=${port}`, ...flags],
    readiness: healthz(port),
    liveness: healthz(port),
    stopOrder: 10,
    oomScore: OOM_SCORES.worker,
  };
}

/** The kubelet never runs two of a static Pod: a lease to compete for would only delay the one that takes over after a crash. */
const ALONE = ['--no-leader-elect'];

export function workers(options: ControlPlaneOptions): ComponentSpec[] {
  const { ports } = options;
  const cidrs = [`--cluster-cidr=${options.podCidr}`, `--service-cluster-ip-range=${options.serviceCidr}`];
  return [
    worker(options, 'kube-scheduler', 'scheduler', ports.scheduler, ALONE),
    worker(options, 'kube-controller-manager', 'controller-manager', ports.controllerManager, [
      ...ALONE,
      ...cidrs,
      `--service-account-private-key-file=${join(options.dir.pki, 'sa.key')}`,
      `--cluster-signing-cert-file=${join(options.dir.pki, 'ca.crt')}`,
      `--cluster-signing-key-file=${join(options.dir.pki, 'ca.key')}`,
    ]),
    kubeProxy(options, [...cidrs, ...externalCidrFlag(options.loadBalancerCidrs ?? [])]),
    ...cloudControllerManager(options),
  ];
}

function cloudControllerManager(options: ControlPlaneOptions): ComponentSpec[] {
  const { ports, loadBalancerCidrs } = options;
  if (!loadBalancerCidrs) return [];
  const flags = [
    ...ALONE,
    `--load-balancer-cidr=${loadBalancerCidrs.join(',')}`,
    `--simulated-nodes-dir=${options.dir.nodes}`,
    `--hostname-override=${CONTROL_PLANE_NODE}`,
    `--cluster-cidr=${options.podCidr}`,
  ];
  const name = 'cloud-controller-manager';
  return [worker(options, name, name, ports.cloudControllerManager, flags)];
}

/** A node that is being removed may have no traffic, which is no reason to start its proxy anew. */
function kubeProxy(options: ControlPlaneOptions, cidrs: readonly string[]): ComponentSpec {
  const { dir, ports } = options;
  const spec = worker(options, 'kube-proxy', 'kube-proxy', ports.kubeProxy, [
    ...cidrs,
    `--hostname-override=${CONTROL_PLANE_NODE}`,
    `--secure-port=${ports.kubeProxyTraffic}`,
    `--tls-cert-file=${join(dir.pki, 'kube-proxy.crt')}`,
    `--tls-private-key-file=${join(dir.pki, 'kube-proxy.key')}`,
    `--client-ca-file=${join(dir.pki, 'ca.crt')}`,
  ]);
  return { ...spec, liveness: { path: '/livez', port: ports.kubeProxy }, ports: [ports.kubeProxyTraffic] };
}

/** It listens at the address of its Service, which knows it by a label. */
export function dns(options: ControlPlaneOptions): ComponentSpec {
  const port = options.ports.dns;
  const { podCidr, serviceCidr, dnsUpstream } = options;
  const cidrs = [`--cluster-cidr=${podCidr}`, `--service-cluster-ip-range=${serviceCidr}`];
  return {
    ...worker(options, 'kube-dns', 'dns', port, [...cidrs, ...(dnsUpstream ? [`--upstream=${dnsUpstream}`] : [])]),
    readiness: { path: '/readyz', port },
    labels: { 'k8s-app': 'kube-dns' },
  };
}

/** It listens at the address that its Service is given. */
export function ingressController(options: ControlPlaneOptions): ComponentSpec {
  const name = 'ingress-controller';
  return worker(options, name, name, options.ports.ingressController, [`--cluster-cidr=${options.podCidr}`]);
}

/** Nodes wait for the cloud to say what they are, where there is one. */
export const cloudProviderFlag = ({ loadBalancerCidrs }: Pick<ControlPlaneOptions, 'loadBalancerCidrs'>): string[] =>
  loadBalancerCidrs ? ['--cloud-provider=external'] : [];

/** One process for all simulated nodes. */
export function simulatedKubelet(options: ControlPlaneOptions): ComponentSpec {
  const { dir } = options;
  return {
    name: 'kubelet-sim',
    command: [
      ...node(options, 'kubelet', 2048),
      '--runtime=sim',
      kubeconfig(options, 'kubelet-sim'),
      `--simulated-nodes-dir=${dir.nodes}`,
      `--root-dir=${dir.simulatedKubelet}`,
      `--cert-file=${join(dir.pki, 'kubelet-sim.crt')}`,
      `--key-file=${join(dir.pki, 'kubelet-sim.key')}`,
      `--client-ca-file=${join(dir.pki, 'ca.crt')}`,
      `--port=${options.ports.kubelet}`,
      ...cloudProviderFlag(options),
      ...externalCidrFlag(options.loadBalancerCidrs ?? []),
    ],
    stopOrder: 20,
    oomScore: OOM_SCORES.simulation,
  };
}

export function web(options: ControlPlaneOptions): ComponentSpec {
  const port = options.ports.web;
  return {
    name: 'web',
    command: [
      process.execPath,
      '--max-old-space-size=512',
      join(options.programs, 'web', 'dist', 'server', 'main.js'),
      kubeconfig(options, 'web'),
      '--bind-address=127.0.0.1',
      `--port=${port}`,
    ],
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    readiness: { path: '/healthz/web', port },
    ports: [port],
    stopOrder: 15,
    oomScore: OOM_SCORES.web,
  };
}

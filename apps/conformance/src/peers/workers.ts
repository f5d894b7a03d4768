import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Program } from './program.js';

/** Upstream's programs that work on what an API server keeps. */
export interface WorkerPrograms {
  readonly scheduler?: string;
  readonly controllerManager?: string;
  readonly proxy?: string;
}

/** What the environment names. */
export function workerPrograms(environment: NodeJS.ProcessEnv): WorkerPrograms {
  const { BINNACLE_KUBE_SCHEDULER: scheduler, BINNACLE_KUBE_CONTROLLER_MANAGER: controllerManager } = environment;
  const { BINNACLE_KUBE_PROXY: proxy } = environment;
  return { ...(scheduler && { scheduler }), ...(controllerManager && { controllerManager }), ...(proxy && { proxy }) };
}

/** What a program of upstream's is started with. */
export interface WorkerPlace {
  /** A kubeconfig. */
  readonly kubeconfig: string;
  /** Where files of its own may be written. */
  readonly folder: string;
  readonly port: number;
  /** Hears its log. */
  readonly hear?: (text: string) => void;
}

/** Enough for whatever one server of ours answers. */
const UNLIMITED = 5_000;

/** Behaves as kubernetes test/integration/scheduler_perf, which scores every node only where it is told to. */
const schedulerConfiguration = (kubeconfig: string): object => ({
  apiVersion: 'kubescheduler.config.k8s.io/v1',
  kind: 'KubeSchedulerConfiguration',
  clientConnection: { kubeconfig, qps: UNLIMITED, burst: UNLIMITED },
  percentageOfNodesToScore: 100,
});

/** The verbosity at which controllers tell what they do. */
const VERBOSITY = '--v=2';

const program = (path: string, flags: readonly string[], { hear }: WorkerPlace): Program =>
  new Program(path, flags, hear && { hear });

export function startPeerScheduler(path: string, place: WorkerPlace): Program {
  mkdirSync(place.folder, { recursive: true });
  const file = join(place.folder, 'kube-scheduler.json');
  writeFileSync(file, JSON.stringify(schedulerConfiguration(place.kubeconfig)));
  const flags = [`--config=${file}`, '--bind-address=127.0.0.1', `--secure-port=${place.port}`, VERBOSITY];
  return program(path, [...flags, `--cert-dir=${place.folder}`], place);
}

/** What controllers are told of the cluster they work in; paths of PEM files. */
export interface ClusterFacts {
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly ca: string;
  /** Without it no certificates are signed. */
  readonly caKey?: string;
  readonly tokenKey: string;
}

const signing = ({ ca, caKey }: ClusterFacts): string[] =>
  caKey ? [`--cluster-signing-cert-file=${ca}`, `--cluster-signing-key-file=${caKey}`] : [];

/** Every controller acts as who the kubeconfig says. */
export function startPeerControllerManager(path: string, facts: ClusterFacts, place: WorkerPlace): Program {
  mkdirSync(place.folder, { recursive: true });
  const flags = [
    `--kubeconfig=${place.kubeconfig}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${place.port}`,
    `--cert-dir=${place.folder}`,
    '--allocate-node-cidrs=true',
    `--cluster-cidr=${facts.clusterCidr}`,
    `--service-cluster-ip-range=${facts.serviceCidr}`,
    `--root-ca-file=${facts.ca}`,
    ...signing(facts),
    `--service-account-private-key-file=${facts.tokenKey}`,
    `--kube-api-qps=${UNLIMITED}`,
    `--kube-api-burst=${UNLIMITED}`,
    VERBOSITY,
  ];
  return program(path, flags, place);
}

/** By rules of nftables, as it would be installed today; what it tells is on `port`, its health on the next. */
const proxyConfiguration = ({ kubeconfig, port }: WorkerPlace, node: string, clusterCIDR: string): object => ({
  apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
  kind: 'KubeProxyConfiguration',
  mode: 'nftables',
  // No server of ours answers in protobuf.
  clientConnection: { kubeconfig, acceptContentTypes: 'application/json', contentType: 'application/json' },
  hostnameOverride: node,
  clusterCIDR,
  metricsBindAddress: `127.0.0.1:${port}`,
  healthzBindAddress: `127.0.0.1:${port + 1}`,
  conntrack: { maxPerCore: 0, min: 0 },
});

/** Wants to be root, and `nft` in the PATH: it writes rules for the network namespace it runs in. */
export function startPeerProxy(path: string, node: string, clusterCidr: string, place: WorkerPlace): Program {
  mkdirSync(place.folder, { recursive: true });
  const file = join(place.folder, 'kube-proxy.json');
  writeFileSync(file, JSON.stringify(proxyConfiguration(place, node, clusterCidr)));
  return program(path, [`--config=${file}`], place);
}

import { ConfigError } from '@binnacle/process-config';
import { defaultLoadBalancerCidr, loadBalancerNetworks, readLoadBalancerCidrs } from './load-balancer-addresses.js';
import type { Ports } from './manifests/control-plane.js';

/** What `binnacle up` was asked for, read once. */
export interface UpSettings {
  readonly dataDir: string;
  readonly ports: Ports;
  readonly nodes: number;
  readonly databaseUrl: string | undefined;
  readonly web: boolean;
  readonly dns: boolean;
  readonly ingresses: boolean;
  readonly dnsUpstream?: string;
  readonly verbose: boolean;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly nodeAddressPrefix: string;
  /** Addresses of load balancers: ranges, or ranges of classes as `<class>=<range>`. Undefined: there is no cloud controller manager. */
  readonly loadBalancerCidrs: readonly string[] | undefined;
  /** Where the dashboard is reached besides on this machine, the first of which people are sent to. */
  readonly publicUrls?: readonly string[];
}

export interface UpFlags {
  dataDir: string;
  port?: string;
  webPort?: string;
  portOffset: string;
  nodes: string;
  databaseUrl?: string;
  web: boolean;
  dns: boolean;
  dnsUpstream?: string;
  ingressController?: boolean;
  verbose?: boolean;
  podCidr: string;
  serviceCidr: string;
  nodeAddressPrefix: string;
  loadBalancerCidr?: readonly string[];
  cloudControllerManager?: boolean;
  publicUrl?: readonly string[];
}

const UPSTREAM_PORTS: Ports = {
  apiServer: 6443,
  web: 7080,
  kubelet: 10250,
  scheduler: 10259,
  controllerManager: 10257,
  kubeProxy: 10256,
  kubeProxyTraffic: 10249,
  dns: 9153,
  ingressController: 10254,
  cloudControllerManager: 10258,
};

const MOST_NODES = 200;
const BYTE = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const CIDR_16 = new RegExp(`^10\\.${BYTE}\\.0\\.0/16$`);
const NODE_ADDRESS_PREFIX = new RegExp(`^127\\.${BYTE}\\.${BYTE}$`);

function wholeNumber(flag: string, text: string, lowest: number, highest: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= lowest && number <= highest) return number;
  throw new ConfigError(`${flag} must be a whole number from ${lowest} to ${highest}, not "${text}"`);
}

function readPorts(flags: UpFlags): Ports {
  const offset = wholeNumber('--port-offset', flags.portOffset, 0, 50_000);
  const shifted = Object.fromEntries(Object.entries(UPSTREAM_PORTS).map(([name, port]) => [name, port + offset]));
  const ports = {
    ...(shifted as unknown as Ports),
    ...(flags.port && { apiServer: wholeNumber('--port', flags.port, 1, 65_535) }),
    ...(flags.webPort && { web: wholeNumber('--web-port', flags.webPort, 1, 65_535) }),
  };
  requireDistinct(ports);
  return ports;
}

function requireDistinct(ports: Ports): void {
  const numbers = Object.values(ports) as number[];
  const twice = numbers.find((port, index) => numbers.indexOf(port) !== index);
  if (twice !== undefined)
    throw new ConfigError(
      `port ${twice} is wanted for two things; choose others with --port, --web-port or --port-offset`,
    );
}

/** The second byte of a network `10.N.0.0/16`, which Pods and Services have on loopback as `127.N`. */
function networkOf(flag: string, text: string): string {
  const [, second] = CIDR_16.exec(text) ?? [];
  if (second === undefined) throw new ConfigError(`${flag} must be a network of the form 10.N.0.0/16, not "${text}"`);
  return second;
}

/** All addresses are real ones of the loopback network: Pods, Services, nodes and load balancers must not have the same. */
function requireApart({ podCidr, serviceCidr, nodeAddressPrefix }: UpFlags, balanced: readonly string[]): void {
  const [, ofNodes] = NODE_ADDRESS_PREFIX.exec(nodeAddressPrefix) ?? [];
  if (ofNodes === undefined)
    throw new ConfigError(
      `--node-address-prefix must be three bytes of a loopback address such as 127.0.0, not "${nodeAddressPrefix}"`,
    );
  const networks = [
    ['--pod-cidr', networkOf('--pod-cidr', podCidr)],
    ['--service-cidr', networkOf('--service-cidr', serviceCidr)],
    ['--node-address-prefix', ofNodes],
    // The programs of the control plane listen on 127.0.0.1.
    ...(ofNodes === '0' ? [] : [['the control plane', '0']]),
    ...loadBalancerNetworks(balanced).map((network) => ['--load-balancer-cidr', network] as const),
  ] as const;
  const clash = networks.find(([, network], at) => networks.slice(0, at).some(([, other]) => other === network));
  const first = networks.find(([, network]) => network === clash?.[1]);
  if (clash && first)
    throw new ConfigError(
      `${first[0]} and ${clash[0]} both want the addresses 127.${clash[1]}.0.0/16 of the loopback network; choose another N for one of them`,
    );
}

/** People type passwords there, so that it is HTTPS. @throws ConfigError */
function publicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.pathname === '/' && !url.search && !url.hash && !url.username)
    return url.origin;
  throw new ConfigError(`--public-url must be an address such as https://lab.example.com, not "${text}"`);
}

/** Undefined where nobody gives addresses out. */
function loadBalancerCidrs(flags: UpFlags): readonly string[] | undefined {
  if (flags.cloudControllerManager === false) return undefined;
  const others = [flags.podCidr, flags.serviceCidr, flags.nodeAddressPrefix].map((range) => range.split('.')[1] ?? '');
  return readLoadBalancerCidrs(flags.loadBalancerCidr ?? [defaultLoadBalancerCidr(others)]);
}

export function readUpSettings(flags: UpFlags): UpSettings {
  const balanced = loadBalancerCidrs(flags);
  requireApart(flags, balanced ?? []);
  return {
    dataDir: flags.dataDir,
    ports: readPorts(flags),
    nodes: wholeNumber('--nodes', flags.nodes, 0, MOST_NODES),
    databaseUrl: flags.databaseUrl || undefined,
    web: flags.web,
    dns: flags.dns,
    ingresses: flags.ingressController !== false,
    ...(flags.dnsUpstream && { dnsUpstream: flags.dnsUpstream }),
    verbose: flags.verbose ?? false,
    podCidr: flags.podCidr,
    serviceCidr: flags.serviceCidr,
    nodeAddressPrefix: flags.nodeAddressPrefix,
    loadBalancerCidrs: balanced,
    ...(flags.publicUrl && { publicUrls: flags.publicUrl.map(publicUrl) }),
  };
}

import { ConfigError } from '@binnacle/process-config';
import type { Ports } from './manifests/control-plane.js';

/** What `binnacle up` was asked for, read once. */
export interface UpSettings {
  readonly dataDir: string;
  readonly ports: Ports;
  readonly nodes: number;
  readonly databaseUrl: string | undefined;
  readonly web: boolean;
  readonly verbose: boolean;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly nodeAddressPrefix: string;
}

export interface UpFlags {
  dataDir: string;
  port?: string;
  webPort?: string;
  portOffset: string;
  nodes: string;
  databaseUrl?: string;
  web: boolean;
  verbose?: boolean;
  podCidr: string;
  serviceCidr: string;
  nodeAddressPrefix: string;
}

const UPSTREAM_PORTS: Ports = {
  apiServer: 6443,
  web: 7080,
  kubelet: 10250,
  scheduler: 10259,
  controllerManager: 10257,
  kubeProxy: 10256,
};

const MOST_NODES = 200;
const CIDR_16 = /^10\.(\d{1,3})\.0\.0\/16$/;

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

function requireCidr(flag: string, text: string): string {
  const match = CIDR_16.exec(text);
  if (match && Number(match[1]) <= 255) return text;
  throw new ConfigError(`${flag} must be a network of the form 10.N.0.0/16, not "${text}"`);
}

export function readUpSettings(flags: UpFlags): UpSettings {
  if (!/^127\.\d{1,3}\.\d{1,3}$/.test(flags.nodeAddressPrefix)) {
    throw new ConfigError(
      `--node-address-prefix must be three bytes of a loopback address such as 127.0.0, not "${flags.nodeAddressPrefix}"`,
    );
  }
  return {
    dataDir: flags.dataDir,
    ports: readPorts(flags),
    nodes: wholeNumber('--nodes', flags.nodes, 0, MOST_NODES),
    databaseUrl: flags.databaseUrl || undefined,
    web: flags.web,
    verbose: flags.verbose ?? false,
    podCidr: requireCidr('--pod-cidr', flags.podCidr),
    serviceCidr: requireCidr('--service-cidr', flags.serviceCidr),
    nodeAddressPrefix: flags.nodeAddressPrefix,
  };
}

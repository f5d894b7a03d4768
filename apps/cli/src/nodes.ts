import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isQuantity, toMillis } from '@binnacle/machinery-quantity';
import { ConfigError } from '@binnacle/process-config';
import type { DataDir } from './data-dir/layout.js';
import { writeIfChanged } from './data-dir/write-file.js';

/** A simulated node as its file says: the simulated kubelet follows these files. */
export interface SimulatedNode {
  readonly name: string;
  readonly state: 'running' | 'stopped';
  readonly cpu: string;
  readonly memory: string;
  readonly pods: number;
  /** On the loopback network, so that NodePorts and the kubelet can really be reached there. */
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

const NODE_NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const FIRST_HOST = 11;
const LAST_HOST = 250;

function readNode(file: string): SimulatedNode {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SimulatedNode;
  } catch (error) {
    throw new ConfigError(`${file} is no simulated node (${(error as Error).message}); mend it, or remove it`);
  }
}

export function listNodes(dir: DataDir): SimulatedNode[] {
  if (!existsSync(dir.nodes)) return [];
  return readdirSync(dir.nodes)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => readNode(join(dir.nodes, file)));
}

function write(dir: DataDir, node: SimulatedNode): void {
  mkdirSync(dir.nodes, { recursive: true });
  writeIfChanged(join(dir.nodes, `${node.name}.json`), `${JSON.stringify(node, null, 2)}\n`);
}

/** The next address in `127.x.y.0/24` that no node has. */
function freeAddress(nodes: readonly SimulatedNode[], prefix: string): string {
  const taken = new Set(nodes.map((node) => node.address));
  for (let host = FIRST_HOST; host <= LAST_HOST; host += 1) {
    if (!taken.has(`${prefix}.${host}`)) return `${prefix}.${host}`;
  }
  throw new ConfigError(`there is no room for more than ${LAST_HOST - FIRST_HOST + 1} simulated nodes`);
}

export interface NewNode {
  readonly name: string;
  readonly cpu?: string;
  readonly memory?: string;
  /** First three bytes of the node's address; those of the nodes there are, unless it is said. */
  readonly addressPrefix?: string;
}

function requireCapacity(flag: string, quantity: string): void {
  if (isQuantity(quantity) && toMillis(quantity) > 0) return;
  throw new ConfigError(`${flag} must be a quantity above 0 such as "4", "500m" or "8Gi", not "${quantity}"`);
}

const prefixOf = ([node]: readonly SimulatedNode[]): string => node?.address.replace(/\.\d+$/, '') ?? '127.0.0';

export function addNode(dir: DataDir, { name, cpu = '4', memory = '8Gi', addressPrefix }: NewNode): SimulatedNode {
  if (!NODE_NAME.test(name) || name.length > 63)
    throw new ConfigError(`"${name}" is no node name; use lower case letters, digits and "-"`);
  requireCapacity('--cpu', cpu);
  requireCapacity('--memory', memory);
  const nodes = listNodes(dir);
  if (nodes.some((node) => node.name === name)) throw new ConfigError(`there is already a node "${name}"`);
  const labels = { 'topology.kubernetes.io/zone': `zone-${'abc'[nodes.length % 3]}` };
  const node: SimulatedNode = {
    name,
    state: 'running',
    cpu,
    memory,
    pods: 110,
    address: freeAddress(nodes, addressPrefix ?? prefixOf(nodes)),
    labels,
  };
  write(dir, node);
  return node;
}

export function setNodeState(dir: DataDir, name: string, state: SimulatedNode['state']): void {
  const node = listNodes(dir).find((candidate) => candidate.name === name);
  if (!node) {
    const names = listNodes(dir).map((candidate) => candidate.name);
    throw new ConfigError(`there is no simulated node "${name}"; there are: ${names.join(', ') || 'none'}`);
  }
  write(dir, { ...node, state });
}

/** Makes `worker-1` to `worker-<count>` on the first start; later the files are the truth. */
export function ensureNodes(dir: DataDir, count: number, addressPrefix: string): void {
  for (let index = 1; index <= count; index += 1) {
    const name = `worker-${index}`;
    if (!listNodes(dir).some((node) => node.name === name)) addNode(dir, { name, addressPrefix });
  }
}

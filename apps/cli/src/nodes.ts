import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LABEL_TOPOLOGY_ZONE } from '@binnacle/apis-kubernetes/well-known';
import { isQuantity, toMillis } from '@binnacle/machinery-quantity';
import { isDns1123Subdomain, LABEL_VALUE_MAX } from '@binnacle/machinery-validation';
import {
  parseSimulatedNode,
  readDevices,
  SIMULATED_NODE_DEFAULTS,
  type SimulatedDevices,
  type SimulatedNode,
  simulatedNodeText,
} from '@binnacle/node-simulated';
import { ConfigError } from '@binnacle/process-config';
import { CONTROL_PLANE_NODE, type DataDir } from './data-dir/layout.js';
import { writeIfChanged } from './data-dir/write-file.js';

export type { SimulatedNode };

/** The node name becomes the label kubernetes.io/hostname. */
const LONGEST_NAME = LABEL_VALUE_MAX;
const FIRST_HOST = 11;
const LAST_HOST = 250;

function readNode(file: string): SimulatedNode {
  try {
    return parseSimulatedNode(readFileSync(file, 'utf8')) as SimulatedNode;
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
  writeIfChanged(join(dir.nodes, `${node.name}.json`), simulatedNodeText(node));
}

/** The next address in `127.x.y.0/24` that no node has. */
function freeAddress(nodes: ReadonlyArray<Pick<SimulatedNode, 'address'>>, prefix: string): string {
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
  /** Kinds and numbers, such as `gpu=2,nic=1`. */
  readonly devices?: string;
  /** First three bytes of the node's address; those of the nodes there are, unless it is said. */
  readonly addressPrefix?: string;
}

function requireCapacity(flag: string, quantity: string): void {
  if (isQuantity(quantity) && toMillis(quantity) > 0) return;
  throw new ConfigError(`${flag} must be a quantity above 0 such as "4", "500m" or "8Gi", not "${quantity}"`);
}

function requireName(name: string): void {
  const [complaint] = isDns1123Subdomain(name);
  if (complaint || name.length > LONGEST_NAME)
    throw new ConfigError(
      `"${name}" is no node name: ${complaint ?? `it must be no longer than ${LONGEST_NAME} characters`}; give another, such as worker-4`,
    );
  if (name === CONTROL_PLANE_NODE)
    throw new ConfigError(`"${name}" is the node that runs the control plane; give another name, such as worker-4`);
}

function devicesFrom(kinds = ''): readonly SimulatedDevices[] {
  const wanted = kinds.split(',').filter(Boolean);
  try {
    return readDevices(
      wanted.map((kind) => {
        const [type, count = '1'] = kind.split('=');
        return { type, count: Number(count) };
      }),
    );
  } catch (error) {
    throw new ConfigError(`--devices must be kinds and numbers such as gpu=2,nic=1 (${(error as Error).message})`);
  }
}

const prefixOf = ([node]: readonly SimulatedNode[]): string => node?.address.replace(/\.\d+$/, '') ?? '127.0.0';

export function addNode(dir: DataDir, { name, addressPrefix, devices: kinds, ...size }: NewNode): SimulatedNode {
  const { cpu = SIMULATED_NODE_DEFAULTS.cpu, memory = SIMULATED_NODE_DEFAULTS.memory } = size;
  requireName(name);
  requireCapacity('--cpu', cpu);
  requireCapacity('--memory', memory);
  const devices = devicesFrom(kinds);
  const nodes = listNodes(dir);
  if (nodes.some((node) => node.name === name)) throw new ConfigError(`there is already a node "${name}"`);
  const labels = { [LABEL_TOPOLOGY_ZONE]: `zone-${'abc'[nodes.length % 3]}` };
  const node: SimulatedNode = {
    name,
    state: 'running',
    cpu,
    memory,
    pods: SIMULATED_NODE_DEFAULTS.pods,
    address: freeAddress(nodes, addressPrefix ?? prefixOf(nodes)),
    labels,
    devices,
  };
  write(dir, node);
  return node;
}

/** Answers whether it was otherwise before. */
export function setNodeState(dir: DataDir, name: string, state: SimulatedNode['state']): boolean {
  const node = listNodes(dir).find((candidate) => candidate.name === name);
  if (!node) {
    const names = listNodes(dir).map((candidate) => candidate.name);
    throw new ConfigError(`there is no simulated node "${name}"; there are: ${names.join(', ') || 'none'}`);
  }
  write(dir, { ...node, state });
  return node.state !== state;
}

/** Nodes that there are or that a start will make, with their addresses. */
export function plannedNodes(
  dir: DataDir,
  count: number,
  addressPrefix: string,
): Array<Pick<SimulatedNode, 'name' | 'address'>> {
  const there = listNodes(dir);
  const planned: Array<Pick<SimulatedNode, 'name' | 'address'>> = there.filter(({ state }) => state === 'running');
  const taken: Array<Pick<SimulatedNode, 'address'>> = [...there];
  for (let index = 1; index <= count; index += 1) {
    const name = `worker-${index}`;
    if (there.some((node) => node.name === name)) continue;
    const address = freeAddress(taken, addressPrefix);
    taken.push({ address });
    planned.push({ name, address });
  }
  return planned;
}

/** Makes `worker-1` to `worker-<count>` on the first start; later the files are the truth. */
export function ensureNodes(dir: DataDir, count: number, addressPrefix: string): void {
  for (let index = 1; index <= count; index += 1) {
    const name = `worker-${index}`;
    if (!listNodes(dir).some((node) => node.name === name)) addNode(dir, { name, addressPrefix });
  }
}

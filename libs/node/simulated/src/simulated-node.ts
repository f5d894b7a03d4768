import { forbiddenLabels } from '@binnacle/apis-kubernetes/node-labels';
import { isQuantity, toMillis } from '@binnacle/machinery-quantity';
import { readDevices, type SimulatedDevices } from './devices.js';
import { isDns1123Subdomain, isLabelValue, isQualifiedName, LABEL_VALUE_MAX } from '@binnacle/machinery-validation';

/** A simulated node as its file says, which `binnacle node` writes and the kubelet that carries simulated nodes follows. */
export interface SimulatedNode {
  readonly name: string;
  readonly state: 'running' | 'stopped';
  readonly cpu: string;
  readonly memory: string;
  readonly pods: number;
  /** On the loopback network, so that NodePorts and the kubelet can really be reached there. */
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What claims can be given of it. */
  readonly devices: readonly SimulatedDevices[];
}

const LOOPBACK = /^127(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;

/** What a file need not say. */
export const SIMULATED_NODE_DEFAULTS = {
  state: 'running',
  cpu: '4',
  memory: '8Gi',
  pods: 110,
  labels: {},
  devices: [],
} as const;

/** As the API server takes it, and short enough for the label kubernetes.io/hostname. */
const isNodeName = (name: unknown): boolean =>
  typeof name === 'string' && isDns1123Subdomain(name).length === 0 && name.length <= LABEL_VALUE_MAX;

const areLabels = (labels: unknown): labels is Record<string, string> =>
  typeof labels === 'object' &&
  labels !== null &&
  Object.entries(labels).every(([key, value]) => {
    return isQualifiedName(key).length === 0 && typeof value === 'string' && isLabelValue(value).length === 0;
  });

const CHECKS: ReadonlyArray<readonly [rule: string, holds: (node: Partial<SimulatedNode>) => boolean]> = [
  ['"name" must be a lower case DNS name of at most 63 characters, such as worker-4', ({ name }) => isNodeName(name)],
  ['"state" must be "running" or "stopped"', ({ state }) => state === 'running' || state === 'stopped'],
  ['"address" must be a loopback address', ({ address }) => typeof address === 'string' && LOOPBACK.test(address)],
  ['"cpu" must be a quantity above 0', ({ cpu }) => isQuantity(cpu) && toMillis(cpu) > 0],
  ['"memory" must be a quantity above 0', ({ memory }) => isQuantity(memory) && toMillis(memory) > 0],
  ['"labels" must be labels', ({ labels }) => areLabels(labels)],
  [
    '"labels" must be none that only an administrator may give a node (kubectl label)',
    ({ labels }) => areLabels(labels) && forbiddenLabels(Object.keys(labels)).length === 0,
  ],
  ['"pods" must be a whole number', ({ pods }) => Number.isInteger(pods) && Number(pods) >= 0],
];

/** What a node's file says, right or wrong. Throws an Error for what is no JSON object. */
export function parseSimulatedNode(text: string): Partial<SimulatedNode> & typeof SIMULATED_NODE_DEFAULTS {
  const given: unknown = JSON.parse(text);
  if (typeof given !== 'object' || given === null) throw new Error('it must hold an object');
  return { ...SIMULATED_NODE_DEFAULTS, ...given };
}

/** Reads a node's file; throws an Error that says what is wrong with it. */
export function readSimulatedNode(text: string): SimulatedNode {
  const node = parseSimulatedNode(text) as Partial<SimulatedNode>;
  const broken = CHECKS.find(([, holds]) => !holds(node));
  if (broken) throw new Error(broken[0]);
  const devices = readDevices(node.devices);
  return { ...(node as SimulatedNode), cpu: String(node.cpu), memory: String(node.memory), devices };
}

/** The text of a node's file. */
export function simulatedNodeText(node: SimulatedNode): string {
  return `${JSON.stringify(node, null, 2)}\n`;
}

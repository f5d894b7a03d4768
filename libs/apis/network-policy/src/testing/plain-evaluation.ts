import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from '@binnacle/apis-kubernetes/networking/v1';
import type { LabelSelector, LabelSelectorRequirement } from '@binnacle/machinery-meta';
import type { Flow, FlowEnd } from '../flow.js';
import type { PolicyPod } from '../policy-pod.js';

/** What the API's documentation says, word by word, with nothing kept and nothing compiled: slow, and plain to see. */
export interface Written {
  readonly policies: readonly NetworkPolicy[];
  /** Their labels. */
  readonly namespaces: Readonly<Record<string, Labels>>;
}

type Labels = Readonly<Record<string, string>>;

const isMet = ({ key, operator, values = [] }: LabelSelectorRequirement, labels: Labels): boolean => {
  const value = labels[key];
  if (operator === 'Exists') return value !== undefined;
  if (operator === 'DoesNotExist') return value === undefined;
  const isListed = value !== undefined && values.includes(value);
  return operator === 'In' ? isListed : !isListed;
};

function selects({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Labels): boolean {
  const hasAll = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
  return hasAll && matchExpressions.every((expression) => isMet(expression, labels));
}

const bits = (ip: string): string =>
  ip
    .split('.')
    .map((byte) => Number(byte).toString(2).padStart(8, '0'))
    .join('');

function holds(cidr: string, ip: string): boolean {
  const [network = '', prefix] = cidr.split('/');
  return !network.includes(':') && bits(network).slice(0, Number(prefix)) === bits(ip).slice(0, Number(prefix));
}

function isPodPeer(
  { namespaceSelector, podSelector }: NetworkPolicyPeer,
  own: string,
  other: FlowEnd,
  written: Written,
) {
  const { pod } = other;
  if (!pod || pod.hostNetwork) return false;
  const labels = written.namespaces[pod.namespace] ?? {};
  const isThere = namespaceSelector ? selects(namespaceSelector, labels) : pod.namespace === own;
  return isThere && (!podSelector || selects(podSelector, pod.labels));
}

function isPeer(peer: NetworkPolicyPeer, own: string, other: FlowEnd, written: Written): boolean {
  const { ipBlock } = peer;
  if (!ipBlock) return isPodPeer(peer, own, other, written);
  return holds(ipBlock.cidr, other.ip) && !(ipBlock.except ?? []).some((cidr) => holds(cidr, other.ip));
}

function isPort({ protocol = 'TCP', port, endPort }: NetworkPolicyPort, flow: Flow): boolean {
  if (protocol !== flow.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'number') return flow.port >= port && flow.port <= (endPort ?? port);
  const named = (flow.to.pod?.ports ?? []).filter(({ name }) => name === port);
  return named.some((one) => one.port === flow.port && one.protocol === flow.protocol);
}

type Type = 'Ingress' | 'Egress';

function typesOf({ policyTypes = [], egress = [] }: NetworkPolicySpec): readonly string[] {
  if (policyTypes.length > 0) return policyTypes;
  return egress.length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

function rulesOf(type: Type, { ingress = [], egress = [] }: NetworkPolicySpec) {
  if (type === 'Ingress') return ingress.map(({ from = [], ports = [] }) => ({ peers: from, ports }));
  return egress.map(({ to = [], ports = [] }) => ({ peers: to, ports }));
}

function ruleAllows(type: Type, { metadata, spec = {} }: NetworkPolicy, flow: Flow, written: Written): boolean {
  const other = type === 'Ingress' ? flow.from : flow.to;
  const own = metadata.namespace ?? '';
  return rulesOf(type, spec).some(
    ({ peers, ports }) =>
      (peers.length === 0 || peers.some((peer) => isPeer(peer, own, other, written))) &&
      (ports.length === 0 || ports.some((port) => isPort(port, flow))),
  );
}

/** Itself and its node. */
function isAlwaysReached(pod: PolicyPod, other: FlowEnd): boolean {
  const node = other.node ?? (other.pod?.hostNetwork ? other.pod.node : undefined);
  const isItself = pod.namespace === other.pod?.namespace && pod.name === other.pod.name;
  return isItself || node === '*' || node === pod.node;
}

/** Whether the Pod that speaks, or the one that hears, lets a connection through. */
export function allowsPlainly(type: Type, written: Written, flow: Flow): boolean {
  const [{ pod }, other] = type === 'Ingress' ? [flow.to, flow.from] : [flow.from, flow.to];
  if (!pod || pod.hostNetwork) return true;
  if (isAlwaysReached(pod, other)) return true;
  const about = written.policies.filter(
    ({ metadata, spec = {} }) =>
      metadata.namespace === pod.namespace &&
      selects(spec.podSelector ?? {}, pod.labels) &&
      typesOf(spec).includes(type),
  );
  return about.length === 0 || about.some((policy) => ruleAllows(type, policy, flow, written));
}

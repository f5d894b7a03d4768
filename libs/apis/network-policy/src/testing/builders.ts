import type {
  NetworkPolicy,
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicySpec,
} from '@binnacle/apis-kubernetes/networking/v1';
import type { Flow, FlowEnd, Protocol } from '../flow.js';
import { PolicyIndex } from '../policy-index.js';
import type { PolicyPod } from '../policy-pod.js';

/** `namespace/name`, with the one label `app` of that name, unless it is said. */
export function podNamed(text: string, more: Partial<PolicyPod> = {}): PolicyPod {
  const [namespace = '', name = ''] = text.split('/');
  return { namespace, name, labels: { app: name }, node: 'n1', hostNetwork: false, ports: [], ...more };
}

export const endOf = (pod: PolicyPod, ip = '10.244.0.1', node?: string): FlowEnd => ({ ip, pod, node });
export const address = (ip: string, node?: string): FlowEnd => ({ ip, node });

export function flow(from: FlowEnd, to: FlowEnd, port = 80, protocol: Protocol = 'TCP'): Flow {
  return { from, to, port, protocol };
}

export function policyNamed(text: string, spec: NetworkPolicySpec): NetworkPolicy {
  const [namespace = '', name = ''] = text.split('/');
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { namespace, name }, spec };
}

/** About all Pods of the namespace. */
export const ingress = (name: string, ...rules: NetworkPolicyIngressRule[]): NetworkPolicy =>
  policyNamed(name, { podSelector: {}, policyTypes: ['Ingress'], ingress: rules });
export const egress = (name: string, ...rules: NetworkPolicyEgressRule[]): NetworkPolicy =>
  policyNamed(name, { podSelector: {}, policyTypes: ['Egress'], egress: rules });

/** Policies beside the namespaces a, b and c, each labelled as upstream does. */
export function indexOf(...policies: NetworkPolicy[]): PolicyIndex {
  const index = new PolicyIndex();
  for (const name of ['a', 'b', 'c']) index.setNamespace(name, { 'kubernetes.io/metadata.name': name });
  for (const policy of policies) index.setPolicy(policy);
  return index;
}

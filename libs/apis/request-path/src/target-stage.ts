import type { ContainerPort, Pod, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import { declaredPorts, targetPort } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { type Fault, fault } from './fault.js';
import type { Stage } from './lane.js';

const protocolOf = ({ protocol = 'TCP' }: Pick<ServicePort, 'protocol'>): string => protocol;

/** `http 8080/TCP`. */
const portText = ({ name, containerPort, protocol = 'TCP' }: ContainerPort): string =>
  `${name ? `${name} ` : ''}${containerPort}/${protocol}`;

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];
const declaredText = (pods: readonly Pod[]): string => unique(pods.flatMap(declaredPorts).map(portText)).join(', ');

function namedFaults(name: string, port: ServicePort, pods: readonly Pod[]): Fault[] {
  const without = pods.filter((pod) => targetPort(pod, port) === undefined);
  if (without.length === 0) return [];
  const facts = { port: name, has: declaredText(pods), protocol: protocolOf(port) };
  if (without.length < pods.length) {
    return [fault('someHaveNoPortOfThatName', { ...facts, count: without.length, total: pods.length })];
  }
  const isOther = pods.flatMap(declaredPorts).some((each) => each.name === name);
  return [fault(isOther ? 'portOtherProtocol' : 'noPortOfThatName', facts)];
}

/** Ports need not be declared: only where some are, and this is none of them, does it look wrong. */
function numberedFaults(number: number, port: ServicePort, pods: readonly Pod[]): Fault[] {
  const telling = pods.filter((pod) => declaredPorts(pod).length > 0);
  const isDeclared = (pod: Pod) =>
    declaredPorts(pod).some((each) => each.containerPort === number && protocolOf(each) === protocolOf(port));
  if (telling.length === 0 || telling.some(isDeclared)) return [];
  return [fault('undeclaredPort', { port: `${number}/${protocolOf(port)}`, has: declaredText(telling) })];
}

/** What a Service's port is called at the Pods. */
export function targetStage(port: ServicePort, pods: readonly Pod[]): Stage {
  const { port: own, targetPort: target = own } = port;
  const means = unique(pods.flatMap((pod) => targetPort(pod, port) ?? []).map(String));
  const isNamed = typeof target === 'string';
  const number = isNamed ? '' : String(target || own);
  const faults = isNamed ? namedFaults(target, port, pods) : numberedFaults(Number(number), port, pods);
  const more = isNamed ? means.join(', ') : '';
  return {
    kind: 'target',
    stops: [{ kind: 'targetPort', text: isNamed ? target : number, ...(more && { more }), faults }],
    faults: [],
  };
}

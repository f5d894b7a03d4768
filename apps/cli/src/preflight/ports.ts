import { wireAddress } from '@binnacle/machinery-wire';
import type { DataDir } from '../data-dir/layout.js';
import { plannedNodes } from '../nodes.js';
import type { UpSettings } from '../settings.js';
import type { WantedAddress } from './addresses.js';

const LOOPBACK = '127.0.0.1';
/** The loopback address that stands for one of the cluster's networks `10.N.0.0/16`. */
const inNetwork = (cidr: string): string => cidr.replace(/^10\./, '127.').replace(/\.0\/16$/, '.1');

function componentPorts({ ports, web, dns, ingresses, loadBalancerCidrs }: UpSettings): WantedAddress[] {
  const own = (purpose: string, port: number, flag = '--port-offset') => ({ host: LOOPBACK, port, purpose, flag });
  return [
    own('the API server', ports.apiServer, '--port'),
    ...(web ? [own('the dashboard', ports.web, '--web-port')] : []),
    own('the kubelet', ports.kubelet),
    own('the scheduler', ports.scheduler),
    own('the controller manager', ports.controllerManager),
    own('kube-proxy', ports.kubeProxy),
    own('what kube-proxy tells', ports.kubeProxyTraffic),
    ...(dns ? [own('the DNS', ports.dns)] : []),
    ...(ingresses ? [own('the ingress controller', ports.ingressController)] : []),
    ...(loadBalancerCidrs ? [own('the cloud controller manager', ports.cloudControllerManager)] : []),
  ];
}

/** Where the cluster's DNS answers; some machines have one of their own at all addresses. */
function dnsAddress({ serviceCidr }: UpSettings): WantedAddress {
  const { host, port } = wireAddress(serviceCidr.replace(/\.0\/16$/, '.10'), 53, process.getuid?.() === 0);
  return { host, port, purpose: "the cluster's DNS", flag: '--service-cidr, or leave the DNS out with --no-dns' };
}

/** Every address a cluster will listen on that is known before it starts. */
export function wantedAddresses(settings: UpSettings, dir: DataDir): WantedAddress[] {
  const { kubelet } = settings.ports;
  const ofNodes = plannedNodes(dir, settings.nodes, settings.nodeAddressPrefix).map(({ name, address }) => {
    return { host: address, port: kubelet, purpose: `the kubelet of ${name}`, flag: '--port-offset' };
  });
  return [
    ...componentPorts(settings),
    ...(settings.dns ? [dnsAddress(settings)] : []),
    ...ofNodes,
    { host: inNetwork(settings.podCidr), port: 0, purpose: 'addresses of Pods', flag: '--pod-cidr' },
    { host: inNetwork(settings.serviceCidr), port: 0, purpose: 'addresses of Services', flag: '--service-cidr' },
  ];
}

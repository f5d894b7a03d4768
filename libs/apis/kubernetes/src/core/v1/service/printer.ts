import {
  type TablePrinter,
  ageColumn,
  ageOf,
  column,
  formatLabels,
  NONE,
  nameColumn,
  nameOf,
  UNKNOWN,
  wide,
} from '@binnacle/apis-registry';
import type { Service, ServicePort } from '../index.js';

function portText({ port, nodePort, protocol }: ServicePort): string {
  return nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`;
}

function loadBalancerAddresses(service: Service): string[] {
  const ingress = service.status?.loadBalancer?.ingress ?? [];
  return [...new Set(ingress.map(({ ip, hostname }) => ip || hostname || '').filter(Boolean))].sort();
}

function externalAddress(service: Service): string {
  const external = service.spec?.externalIPs ?? [];
  switch (service.spec?.type) {
    case 'ClusterIP':
    case 'NodePort':
      return external.join(',') || NONE;
    case 'LoadBalancer':
      return [...loadBalancerAddresses(service), ...external].join(',') || '<pending>';
    case 'ExternalName':
      return service.spec.externalName ?? '';
    default:
      return UNKNOWN;
  }
}

export const printer: TablePrinter<Service> = {
  columns: [
    nameColumn,
    column('Type', 'How the Service is exposed.'),
    column('Cluster-IP', 'Address inside the cluster.'),
    column('External-IP', 'Addresses outside the cluster.'),
    column('Port(s)', 'Ports, with the node port where there is one.'),
    ageColumn,
    wide('Selector', 'Labels of the Pods that receive the traffic.'),
  ],
  row: (service, now) => [
    nameOf(service),
    service.spec?.type ?? '',
    service.spec?.clusterIP || NONE,
    externalAddress(service),
    (service.spec?.ports ?? []).map(portText).join(',') || NONE,
    ageOf(service, now),
    formatLabels(service.spec?.selector),
  ],
};

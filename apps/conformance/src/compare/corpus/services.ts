import type { Case, Json } from '../case.js';
import { caseMaker, type ComparedKind, nameOf } from './kind.js';

const MERGE = { 'content-type': 'application/merge-patch+json' };

const specs: readonly (readonly [string, Json])[] = [
  ['NodePort', { type: 'NodePort' }],
  ['LoadBalancer', { type: 'LoadBalancer' }],
  ['LoadBalancer without node ports', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false }],
  ['ExternalName', { type: 'ExternalName', externalName: 'example.com', selector: undefined }],
  ['ExternalName without a name', { type: 'ExternalName' }],
  ['headless', { clusterIP: 'None' }],
  ['an address of its own', { clusterIP: '10.96.7.7' }],
  ['an address elsewhere', { clusterIP: '1.2.3.4' }],
  ['an address that is none', { clusterIP: 'x' }],
  ['external addresses', { externalIPs: ['192.0.2.1'] }],
  ['loopback outside', { externalIPs: ['127.0.0.1'] }],
  ['external traffic of nodes', { type: 'NodePort', externalTrafficPolicy: 'Local' }],
  ['health checks', { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 31_777 }],
  ['two families', { ipFamilyPolicy: 'PreferDualStack' }],
  ['two families required', { ipFamilyPolicy: 'RequireDualStack' }],
  ['another family', { ipFamilies: ['IPv6'] }],
  ['a node port', { type: 'NodePort', ports: [{ port: 80, nodePort: 31_888 }] }],
  ['a node port out of range', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] }],
  ['a node port without the type', { ports: [{ port: 80, nodePort: 31_889 }] }],
  ['ports without names', { ports: [{ port: 80 }, { port: 81 }] }],
  [
    'equal ports',
    {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    },
  ],
  ['an old load balancer address', { type: 'LoadBalancer', loadBalancerIP: '192.0.2.9' }],
  ['a leading zero', { externalIPs: ['192.0.02.1'] }],
  ['traffic distribution', { trafficDistribution: 'PreferClose' }],
  ['a session without end', { sessionAffinity: 'None', sessionAffinityConfig: undefined }],
];

/** Services of every type, and their changes from one into another. */
export function serviceCases({ collection, resource, draft }: ComparedKind): Case[] {
  const make = caseMaker('services', resource);
  const specOf = (change: Json): Json => ({ ...(draft('s').spec as Json), ...change });
  const changes = specs.flatMap(([name, spec], index) => {
    const object = { ...draft(`service-${index}`), spec: specOf(spec) };
    const path = `${collection}/${nameOf(object)}`;
    return [
      make(`${name}, only tried`, { method: 'POST', path: `${collection}?dryRun=All`, body: object }),
      make(name, { method: 'POST', path: collection, body: object }),
      ...['ClusterIP', 'NodePort', 'LoadBalancer'].map((type) =>
        make(`${name} to ${type}`, { method: 'PATCH', path, body: { spec: { type } }, headers: MERGE }),
      ),
      make(`${name} to ExternalName`, {
        method: 'PATCH',
        path,
        body: { spec: { type: 'ExternalName', externalName: 'example.com' } },
        headers: MERGE,
      }),
      make(`${name} back to ClusterIP`, {
        method: 'PATCH',
        path,
        body: { spec: { type: 'ClusterIP' } },
        headers: MERGE,
      }),
      make(`${name} replaced by what was sent`, { method: 'PUT', path, body: object }),
      make(`${name} deleted`, { method: 'DELETE', path }),
    ];
  });
  return changes;
}

import { printedFor } from '@binnacle/apis-registry';
import type { KubeObject } from '@binnacle/machinery-meta';
import { describe, expect, it } from 'vitest';
import { resources } from './resources.js';

const YEAR = 365 * 24 * 60 * 60 * 1000;
const now = Date.parse('2026-01-02T00:00:00Z');
const metadata = { name: 'x', namespace: 'ns', creationTimestamp: '2026-01-01T00:00:00Z' };

/** The cells of an object by column, as `kubectl get -o wide` shows them. */
function printed(resource: string, fields: object): Record<string, unknown> {
  const [plural, group = ''] = resource.split(/\.(.*)/s);
  const { printer } = resources.find(({ names, group: of }) => names.plural === plural && of === group) ?? {};
  const object: KubeObject = { apiVersion: '', kind: '', metadata, ...fields };
  const rowAt = (time: number) => printer?.row(object as never, time) ?? [];
  const { printed: row, holds } = printedFor(() => rowAt(now));
  // A row is shown to others for as long as it is said to hold.
  expect(rowAt(now + Math.min(holds, YEAR) - 1)).toEqual(row);
  return Object.fromEntries((printer?.columns ?? []).map(({ name }, index) => [name, row[index]]));
}

const template = {
  spec: {
    containers: [
      { name: 'a', image: 'nginx:1' },
      { name: 'b', image: 'redis:2' },
    ],
  },
};

describe('printed objects', () => {
  it.each<[reason: string, resource: string, fields: object, expected: object]>([
    ['an age is told from creation', 'configmaps', {}, { Age: '24h' }],
    ['it is unknown without one', 'configmaps', { metadata: { name: 'x' } }, { Age: '<unknown>' }],
    ['entries of both sorts count', 'configmaps', { data: { a: '' }, binaryData: { b: '', c: '' } }, { Data: 3 }],
    [
      'a Secret shows its type, and only how much',
      'secrets',
      { type: 'Opaque', data: { a: '' } },
      { Type: 'Opaque', Data: 1 },
    ],
    ['a namespace shows its phase', 'namespaces', { status: { phase: 'Active' } }, { Status: 'Active' }],
    [
      'a Service shows ports, with those of the node',
      'services',
      {
        spec: {
          type: 'NodePort',
          clusterIP: '10.96.0.1',
          selector: { b: '2', a: '1' },
          ports: [
            { port: 80, nodePort: 30_080, protocol: 'TCP' },
            { port: 53, protocol: 'UDP' },
          ],
        },
      },
      {
        Type: 'NodePort',
        'Cluster-IP': '10.96.0.1',
        'External-IP': '<none>',
        'Port(s)': '80:30080/TCP,53/UDP',
        Selector: 'a=1,b=2',
      },
    ],
    [
      'a Service waits for its load balancer',
      'services',
      { spec: { type: 'LoadBalancer' } },
      { 'External-IP': '<pending>', 'Port(s)': '<none>', 'Cluster-IP': '<none>' },
    ],
    [
      'and shows what it got, sorted, with its own addresses after',
      'services',
      {
        spec: { type: 'LoadBalancer', externalIPs: ['10.0.0.9'] },
        status: { loadBalancer: { ingress: [{ ip: '10.0.0.2' }, { hostname: 'a.example.com' }, { ip: '10.0.0.1' }] } },
      },
      { 'External-IP': '10.0.0.1,10.0.0.2,a.example.com,10.0.0.9' },
    ],
    [
      'an alias shows the name it stands for',
      'services',
      { spec: { type: 'ExternalName', externalName: 'a.example.com' } },
      { 'External-IP': 'a.example.com' },
    ],
    ['no endpoints are none', 'endpoints', {}, { Endpoints: '<none>' }],
    [
      'endpoints are addresses with ports, the first three',
      'endpoints',
      { subsets: [{ addresses: [{ ip: 'fd00::1' }, { ip: '10.0.0.1' }], ports: [{ port: 80 }, { port: 443 }] }] },
      { Endpoints: '[fd00::1]:80,10.0.0.1:80,[fd00::1]:443 + 1 more...' },
    ],
    [
      'a Deployment shows how far it is',
      'deployments.apps',
      {
        spec: { replicas: 3, selector: { matchLabels: { app: 'x' } }, template },
        status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 },
      },
      {
        Ready: '1/3',
        'Up-to-date': 2,
        Available: 1,
        Containers: 'a,b',
        Images: 'nginx:1,redis:2',
        Selector: 'app=x',
      },
    ],
    [
      'a ReplicaSet shows what it wants and has',
      'replicasets.apps',
      { spec: { replicas: 3, selector: {} }, status: { replicas: 2, readyReplicas: 1 } },
      { Desired: 3, Current: 2, Ready: 1, Selector: '<none>' },
    ],
    [
      'a ReplicationController too',
      'replicationcontrollers',
      { spec: { replicas: 3, selector: { app: 'x' }, template }, status: { replicas: 2 } },
      { Desired: 3, Current: 2, Ready: 0, Selector: 'app=x' },
    ],
    [
      'a quota shows use and bound, limits apart',
      'resourcequotas',
      { status: { hard: { pods: '10', 'limits.cpu': '2' }, used: { pods: '3' } } },
      { Request: 'pods: 3/10', Limit: 'limits.cpu: 0/2' },
    ],
    [
      'a revision shows whose it is',
      'controllerrevisions.apps',
      {
        metadata: {
          ...metadata,
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'd', uid: 'u', controller: true }],
        },
        revision: 4,
      },
      { Controller: 'daemonset.apps/d', Revision: 4 },
    ],
    ['a lease shows its holder', 'leases.coordination.k8s.io', { spec: { holderIdentity: 'me' } }, { Holder: 'me' }],
    [
      'a Pod shows where it is',
      'pods',
      {
        spec: { ...template.spec, nodeName: 'n', readinessGates: [{ conditionType: 'a' }, { conditionType: 'b' }] },
        status: { phase: 'Running', podIP: '10.0.0.1', conditions: [{ type: 'a', status: 'True' }] },
      },
      {
        Ready: '0/2',
        Status: 'Running',
        Restarts: '0',
        IP: '10.0.0.1',
        Node: 'n',
        'Nominated Node': '<none>',
        'Readiness Gates': '1/2',
      },
    ],
  ])('%s', (_reason, resource, fields, expected) => {
    expect(printed(resource, fields)).toMatchObject(expected);
  });
});

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { parseYaml } from '@binnacle/machinery-yaml';
import { describe, expect, test } from 'vitest';
import { options as apiServerOptions } from '../../../api-server/src/options.js';
import { optionSpecs as cloudOptions } from '../../../cloud-controller-manager/src/options.js';
import { options as managerOptions } from '../../../controller-manager/src/options.js';
import { optionSpecs as dnsOptions } from '../../../dns/src/options.js';
import { optionSpecs as ingressOptions } from '../../../ingress-controller/src/options.js';
import { optionSpecs as proxyOptions } from '../../../kube-proxy/src/options.js';
import { optionSpecs as kubeletOptions } from '../../../kubelet/src/options.js';
import { optionSpecs as schedulerOptions } from '../../../scheduler/src/options.js';
import { optionSpecs as webOptions } from '../../../web/server/options.js';
import { layout } from '../data-dir/layout.js';
import {
  apiServer,
  type ControlPlaneOptions,
  dns,
  ingressController,
  OPTIONAL,
  postgres,
  simulatedKubelet,
  web,
  workers,
} from './control-plane.js';
import { type ComponentSpec, staticPod } from './static-pod.js';

const ports = {
  apiServer: 6443,
  web: 0,
  kubelet: 0,
  scheduler: 0,
  controllerManager: 0,
  kubeProxy: 0,
  kubeProxyTraffic: 0,
  dns: 0,
  ingressController: 0,
  cloudControllerManager: 0,
};
const options = (database: ControlPlaneOptions['database']): ControlPlaneOptions => ({
  dir: layout('/data'),
  programs: '/programs',
  database,
  ports,
  podCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/16',
  loadBalancerCidrs: ['127.97.0.0/24'],
  web: false,
  dns: true,
  dnsUpstream: '192.0.2.53',
  verbose: false,
});
const manifest = (database: ControlPlaneOptions['database']) => staticPod(apiServer(options(database)));

test('who may see the Pod of the API server does not see the password of its database', () => {
  const given = manifest({ file: '/data/database-url', written: '2026-11-29T15:00:00.000Z' });
  expect(given).toContain('--database-url-file=/data/database-url');
  expect(given).not.toContain('postgres://');
  expect(given).not.toEqual(manifest({ file: '/data/database-url', written: '2026-11-29T15:00:01.000Z' }));
  expect(manifest({ embeddedUrl: 'postgres://binnacle@/postgres?host=%2Fdata' })).toContain('host=%2Fdata');
});

const embedded = options({ embeddedUrl: 'postgres://binnacle@/postgres' });
const database = postgres(embedded.dir, {
  binaries: { postgres: '/lib/postgres' },
  user: { uid: 70, gid: 71 },
} as never);
const COMPONENTS: readonly ComponentSpec[] = [
  database,
  apiServer(embedded),
  ...workers(embedded),
  dns(embedded),
  ingressController(embedded),
  simulatedKubelet(embedded),
  web(embedded),
];
const parsed = (spec: ComponentSpec) => parseYaml(staticPod(spec)).value as unknown as Pod;

describe.each(COMPONENTS.map((spec) => [spec.name, spec] as const))('%s', (name, spec) => {
  test('is a static Pod that nothing else is scheduled in place of', () => {
    const { metadata, spec: pod } = parsed(spec);
    expect(metadata).toMatchObject({
      name,
      namespace: 'kube-system',
      labels: { component: name, tier: 'control-plane' },
    });
    expect(pod).toMatchObject({
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      tolerations: [{ operator: 'Exists' }],
    });
    expect(pod?.containers).toMatchObject([{ name, command: spec.command, imagePullPolicy: 'Never' }]);
  });

  test('is ready before it is alive: a probe that ends it begins late and is patient', () => {
    const [container] = parsed(spec).spec?.containers ?? [];
    if (!container?.livenessProbe) return;
    expect(container.livenessProbe.initialDelaySeconds).toBeGreaterThanOrEqual(20);
    const patience = (probe = container.livenessProbe) => (probe?.periodSeconds ?? 0) * (probe?.failureThreshold ?? 0);
    expect(patience()).toBeGreaterThan(patience(container.readinessProbe));
  });
});

test.each([
  ['kube-apiserver', apiServerOptions],
  ['kube-scheduler', schedulerOptions],
  ['kube-controller-manager', managerOptions],
  ['kube-proxy', proxyOptions],
  ['kube-dns', dnsOptions],
  ['ingress-controller', ingressOptions],
  ['cloud-controller-manager', cloudOptions],
  ['kubelet-sim', kubeletOptions],
  ['web', webOptions],
])('%s is given only what its program knows', (name, specs) => {
  const { command = [] } = COMPONENTS.find((spec) => spec.name === name) ?? {};
  const program = command.findIndex((word) => word.endsWith('main.js'));
  const flags = command.slice(program + 1).map((word) => word.replace(/^--(no-)?/, '').split('=')[0] ?? '');
  expect(flags.filter((flag) => !(flag in specs))).toEqual([]);
  expect(flags.length).toBeGreaterThan(0);
});

test('addresses of load balancers are carried by who carries Services, and without any nobody gives them out', () => {
  const flagsIn = (loadBalancerCidrs: ControlPlaneOptions['loadBalancerCidrs']) => {
    const given = { ...embedded, loadBalancerCidrs };
    return [...workers(given), simulatedKubelet(given)].flatMap(({ name, command }) =>
      command.filter((word) => /-cidr=.*(97|192)/.test(word)).map((word) => `${name} ${word}`),
    );
  };
  expect(flagsIn(['127.97.0.0/24'])).toEqual(['cloud-controller-manager --load-balancer-cidr=127.97.0.0/24']);
  expect(flagsIn(['127.98.0.0/24', 'a=192.0.2.0/28'])).toEqual([
    'kube-proxy --external-cidr=10.97.0.0/16,10.98.0.0/24,192.0.2.0/28',
    'cloud-controller-manager --load-balancer-cidr=127.98.0.0/24,a=192.0.2.0/28',
    'kubelet-sim --external-cidr=10.97.0.0/16,10.98.0.0/24,192.0.2.0/28',
  ]);
  const without = { ...embedded, loadBalancerCidrs: undefined };
  expect(workers(without).map(({ name }) => name)).not.toContain('cloud-controller-manager');
  // Nobody would say what nodes are that waited for that.
  expect(simulatedKubelet(without).command).not.toContain('--cloud-provider=external');
  expect(simulatedKubelet(embedded).command).toContain('--cloud-provider=external');
  expect(OPTIONAL).toContain('cloud-controller-manager');
});

test('what others wait for stops last and is ended last where memory runs out', () => {
  const order = [...COMPONENTS].sort((a, b) => b.stopOrder - a.stopOrder).map(({ name }) => name);
  expect(order.slice(0, 2)).toEqual(['postgres', 'kube-apiserver']);
  const readiest = [...COMPONENTS].sort((a, b) => b.oomScore - a.oomScore).map(({ name }) => name);
  expect([readiest[0], readiest.at(-1), readiest.at(-2)].sort()).toEqual(['kube-apiserver', 'kubelet-sim', 'postgres']);
});

test('the Service of the DNS finds its Pod, which asks whom it is told to', () => {
  expect(dns(embedded).command).toContain('--upstream=192.0.2.53');
  expect(parsed(dns(embedded)).metadata?.labels).toMatchObject({ component: 'kube-dns', 'k8s-app': 'kube-dns' });
  expect(OPTIONAL).toContain('kube-dns');
});

test('Postgres listens on nothing but its socket, as an account of its own', () => {
  expect(database.command).toContain('listen_addresses=');
  expect(parsed(database).spec?.securityContext).toEqual({ runAsUser: 70, runAsGroup: 71 });
  expect(OPTIONAL).toContain('postgres');
});

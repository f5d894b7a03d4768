import type { NetworkPolicySpec } from '@binnacle/apis-kubernetes/networking/v1';
import { eventually } from '../eventually.js';
import type { Kubectl } from '../kubectl.js';

/** The world in which Kubernetes' own suite judges network policies: three namespaces, two Pods in each, each with a Service. */
export const NAMESPACES = ['x', 'y', 'z'] as const;
const PODS = ['a', 'b'] as const;
const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0';
const SERVED = [
  [80, 'TCP'],
  [81, 'TCP'],
  [80, 'UDP'],
] as const;

/** `namespace/name`. */
export type PodKey = string;
export const pods: readonly PodKey[] = NAMESPACES.flatMap((namespace) => PODS.map((name) => `${namespace}/${name}`));
export const namespaceOf = (pod: PodKey): string => pod.split('/')[0] ?? '';
const nameOf = (pod: PodKey): string => pod.split('/')[1] ?? '';

const portName = (port: number, protocol: string) => `serve-${port}-${protocol.toLowerCase()}`;
const variable = (port: number, protocol: string) => `SERVE_${protocol}_PORT_${port}`;

function podObject(key: PodKey): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: nameOf(key), namespace: namespaceOf(key), labels: { pod: nameOf(key) } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'main',
          image: AGNHOST,
          args: ['porter'],
          env: SERVED.map(([port, protocol]) => ({ name: variable(port, protocol), value: key })),
          ports: SERVED.map(([port, protocol]) => ({ containerPort: port, protocol, name: portName(port, protocol) })),
        },
      ],
    },
  };
}

function serviceObject(key: PodKey): object {
  const ports = SERVED.map(([port, protocol]) => ({ name: portName(port, protocol), port, protocol }));
  const metadata = { name: nameOf(key), namespace: namespaceOf(key) };
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: { pod: nameOf(key) }, ports } };
}

/** How a probe goes. */
export interface Probe {
  readonly port?: number;
  readonly protocol?: 'tcp' | 'udp';
  /** By the address of the Pod's Service. */
  readonly service?: boolean;
}

export class PolicyWorld {
  private readonly addresses = new Map<PodKey, string>();
  private readonly services = new Map<PodKey, string>();

  constructor(readonly kubectl: Kubectl) {}

  async make(): Promise<void> {
    const spaces = NAMESPACES.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
    this.apply(...spaces);
    // The account that Pods run as comes a moment after their namespace.
    await eventually('the Pods are made', () => {
      this.apply(...pods.map(podObject), ...pods.map(serviceObject));
      return true;
    });
    for (const namespace of NAMESPACES)
      this.kubectl.run('wait', '-n', namespace, '--for=condition=Ready', 'pod', '--all', '--timeout=120s');
    for (const key of pods) {
      const get = (kind: string, path: string) =>
        this.kubectl.run('get', '-n', namespaceOf(key), kind, nameOf(key), '-o', `jsonpath={${path}}`);
      this.addresses.set(key, get('pod', '.status.podIP'));
      this.services.set(key, get('service', '.spec.clusterIP'));
    }
  }

  addressOf(key: PodKey): string {
    return this.addresses.get(key) ?? '';
  }

  serviceOf(key: PodKey): string {
    return this.services.get(key) ?? '';
  }

  apply(...objects: object[]): void {
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    const { status, stderr } = this.kubectl.try(['apply', '-f', '-'], JSON.stringify(list));
    if (status !== 0) throw new Error(stderr);
  }

  /** A policy by `namespace/name`; it is about all Pods there unless it says otherwise. */
  policy(key: string, spec: NetworkPolicySpec): void {
    const metadata = { namespace: namespaceOf(key), name: nameOf(key) };
    this.apply({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata,
      spec: { podSelector: {}, ...spec },
    });
  }

  /** One more Pod: upstream's server with pages to see the network through. */
  serve(key: PodKey): void {
    const metadata = { name: nameOf(key), namespace: namespaceOf(key) };
    const containers = [{ name: 'main', image: AGNHOST, args: ['netexec'] }];
    this.apply({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { terminationGracePeriodSeconds: 0, containers } });
  }

  /** As it was in the beginning. */
  clear(): void {
    for (const namespace of NAMESPACES)
      this.kubectl.run('delete', 'networkpolicy', '-n', namespace, '--all', '--wait=false');
  }

  exec(from: PodKey, ...command: string[]) {
    return this.kubectl.answer(['exec', '-n', namespaceOf(from), nameOf(from), '--', ...command]);
  }

  /** Waits until exactly those connections are not made that should not be; a Pod's to itself is not looked at, as upstream. */
  async blocks(isBlocked: (from: PodKey, to: PodKey) => boolean, probe: Probe = {}): Promise<void> {
    const others = (from: PodKey) => pods.filter((to) => to !== from);
    const expected = pods.flatMap((from) =>
      others(from)
        .filter((to) => isBlocked(from, to))
        .map((to) => `${from} ${to}`),
    );
    await eventually(`these are blocked: ${expected.join(', ') || 'none'}`, async () => {
      const found = (await Promise.all(pods.map((from) => this.blockedFrom(from, others(from), probe)))).flat();
      if (found.join() !== expected.join()) throw new Error(`blocked are ${found.join(', ') || 'none'}`);
      return true;
    });
  }

  private async blockedFrom(from: PodKey, targets: readonly PodKey[], probe: Probe): Promise<string[]> {
    const { port = 80, protocol = 'tcp', service = false } = probe;
    const dials = targets.map((to) => {
      const address = service ? this.serviceOf(to) : this.addressOf(to);
      const connect = `/agnhost connect ${address}:${port} --timeout=1s --protocol=${protocol}`;
      return `${connect} && echo 'made ${to}' || echo 'blocked ${to}'`;
    });
    const { stdout, stderr } = await this.exec(from, 'sh', '-c', dials.join('; '));
    const lines = stdout.split('\n').filter((line) => /^(made|blocked) /.test(line));
    if (lines.length !== targets.length) throw new Error(`probes from ${from}: ${stdout}${stderr}`);
    // What is refused was not dropped.
    if (/REFUSED|OTHER|UNKNOWN/.test(stderr + stdout)) throw new Error(`probes from ${from}: ${stdout}${stderr}`);
    return lines.filter((line) => line.startsWith('blocked')).map((line) => `${from} ${line.split(' ')[1]}`);
  }
}

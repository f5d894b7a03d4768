import { dump } from 'js-yaml';

export interface ProbeSpec {
  readonly path?: string;
  readonly port?: number;
  readonly scheme?: 'HTTP' | 'HTTPS';
  readonly command?: readonly string[];
}

export interface ComponentSpec {
  /** Also the container's name and, with the Node's, the mirror Pod's. */
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly initCommand?: readonly string[];
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly readiness?: ProbeSpec;
  readonly liveness?: ProbeSpec;
  /** Higher stops later when the whole cluster stops. */
  readonly stopOrder: number;
  readonly ports?: readonly number[];
}

const VERSION = '0.1.0';
export const STOP_ORDER_ANNOTATION = 'binnacle.dev/stop-order';

function probe(spec: ProbeSpec, periodSeconds: number, failureThreshold: number): object {
  const timing = { periodSeconds, failureThreshold, timeoutSeconds: 5 };
  if (spec.command) return { exec: { command: spec.command }, ...timing };
  return { httpGet: { host: '127.0.0.1', path: spec.path, port: spec.port, scheme: spec.scheme ?? 'HTTP' }, ...timing };
}

function container(spec: ComponentSpec): object {
  return {
    name: spec.name,
    image: `binnacle.dev/${spec.name}:${VERSION}`,
    imagePullPolicy: 'Never',
    command: spec.command,
    env: Object.entries(spec.env ?? {}).map(([name, value]) => ({ name, value })),
    ...(spec.ports && { ports: spec.ports.map((port) => ({ containerPort: port, hostPort: port })) }),
    ...(spec.readiness && { readinessProbe: probe(spec.readiness, 5, 3) }),
    ...(spec.liveness && { livenessProbe: { ...probe(spec.liveness, 10, 8), initialDelaySeconds: 20 } }),
  };
}

/** The manifest of one control plane component, as kubeadm would write it. */
export function staticPod(spec: ComponentSpec): string {
  const { name, initCommand, runAsUser, runAsGroup } = spec;
  return dump({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kube-system',
      labels: { component: name, tier: 'control-plane', 'app.kubernetes.io/part-of': 'binnacle' },
      annotations: { [STOP_ORDER_ANNOTATION]: String(spec.stopOrder) },
    },
    spec: {
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      priority: 2_000_001_000,
      terminationGracePeriodSeconds: 20,
      ...(runAsUser !== undefined && { securityContext: { runAsUser, runAsGroup } }),
      ...(initCommand && {
        initContainers: [
          { name: 'init', image: `binnacle.dev/${name}:${VERSION}`, imagePullPolicy: 'Never', command: initCommand },
        ],
      }),
      containers: [container(spec)],
      tolerations: [{ operator: 'Exists' }],
    },
  });
}

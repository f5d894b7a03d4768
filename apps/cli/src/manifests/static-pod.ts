import { ANNOTATION_OOM_SCORE_ADJ, ANNOTATION_STOP_ORDER } from '@binnacle/apis-kubernetes/well-known';
import { formatYaml } from '@binnacle/machinery-yaml';

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
  /** By which a Service finds it, beside those that all have. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly readiness?: ProbeSpec;
  readonly liveness?: ProbeSpec;
  /** Higher stops later when the whole cluster stops. */
  readonly stopOrder: number;
  readonly ports?: readonly number[];
  /** How readily its processes are ended where memory runs out: -1000 (never) to 1000 (first). */
  readonly oomScore: number;
}

const VERSION = '0.1.0';

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
    terminationMessagePolicy: 'FallbackToLogsOnError',
    command: spec.command,
    env: Object.entries(spec.env ?? {}).map(([name, value]) => ({ name, value })),
    ...(spec.ports && { ports: spec.ports.map((port) => ({ containerPort: port, hostPort: port })) }),
    ...(spec.readiness && { readinessProbe: probe(spec.readiness, 5, 3) }),
    ...(spec.liveness && { livenessProbe: { ...probe(spec.liveness, 10, 8), initialDelaySeconds: 20 } }),
  };
}

/** The manifest of one control plane component, as kubeadm would write it. */
export function staticPod(spec: ComponentSpec): string {
  const { name, runAsUser, runAsGroup, labels } = spec;
  return formatYaml({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kube-system',
      labels: { component: name, tier: 'control-plane', 'app.kubernetes.io/part-of': 'binnacle', ...labels },
      annotations: {
        [ANNOTATION_STOP_ORDER]: String(spec.stopOrder),
        [ANNOTATION_OOM_SCORE_ADJ]: String(spec.oomScore),
      },
    },
    spec: {
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      priority: 2_000_001_000,
      terminationGracePeriodSeconds: 20,
      ...(runAsUser !== undefined && { securityContext: { runAsUser, runAsGroup } }),
      containers: [container(spec)],
      tolerations: [{ operator: 'Exists' }],
    },
  });
}

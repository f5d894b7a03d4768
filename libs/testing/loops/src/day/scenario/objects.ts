/** What the scenario makes. Images run on the stepped clock: none of them listens. */
const IDLE = 'registry.k8s.io/pause:3.10';
const SHELL = 'busybox:1.37';
/** Nobody publishes it. */
export const NO_IMAGE = 'registry.example/missing:1';
export const CRITICAL = 'critical';

export interface Named {
  readonly name: string;
  readonly namespace: string;
}

export interface TemplateOptions {
  readonly app: string;
  readonly cpu?: string;
  readonly image?: string;
  readonly version?: string;
  readonly probed?: boolean;
  readonly priorityClassName?: string;
}

const requests = (cpu = '100m') => ({ requests: { cpu, memory: '64Mi' } });

export function template({ app, cpu, image = IDLE, version = '1', probed, priorityClassName }: TemplateOptions) {
  const readinessProbe = { exec: { command: ['true'] }, periodSeconds: 20, failureThreshold: 1 };
  return {
    metadata: { labels: { app } },
    spec: {
      ...(priorityClassName && { priorityClassName }),
      containers: [
        {
          name: 'main',
          image,
          env: [{ name: 'VERSION', value: version }],
          resources: requests(cpu),
          ...(probed && { readinessProbe }),
        },
      ],
    },
  };
}

/** A Pod that runs so long and ends with that code. */
export function taskTemplate(seconds: number, code: number, cpu = '50m') {
  const command = ['sh', '-c', `sleep ${seconds}; exit ${code}`];
  return {
    metadata: {},
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: SHELL, command, resources: requests(cpu) }],
    },
  };
}

export const namespace = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { day: 'yes' } },
});

export const quota = (namespaceName: string) => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'all', namespace: namespaceName },
  spec: {
    hard: { pods: '30', 'requests.cpu': '5', persistentvolumeclaims: '8', 'count/jobs.batch': '12', services: '6' },
  },
});

export const limits = (namespaceName: string) => ({
  apiVersion: 'v1',
  kind: 'LimitRange',
  metadata: { name: 'defaults', namespace: namespaceName },
  spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '50m', memory: '32Mi' } }] },
});

export const service = ({ name, namespace: at }: Named, headless = false) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: at },
  spec: { selector: { app: name }, ports: [{ port: 80 }], ...(headless && { clusterIP: 'None' }) },
});

export const budget = ({ name, namespace: at }: Named, spec: object) => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: { name, namespace: at },
  spec: { selector: { matchLabels: { app: name } }, ...spec },
});

export const deployment = (
  { name, namespace: at }: Named,
  replicas: number,
  pod: Omit<TemplateOptions, 'app'>,
  spec = {},
) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: at, labels: { app: name } },
  spec: {
    replicas,
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: 300,
    selector: { matchLabels: { app: name } },
    template: template({ app: name, ...pod }),
    ...spec,
  },
});

export const autoscaler = ({ name, namespace: at }: Named) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name, namespace: at },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas: 1,
    maxReplicas: 7,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } }],
  },
});

export const statefulSet = ({ name, namespace: at }: Named, replicas: number, storageClassName: string, spec = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name, namespace: at, labels: { app: name } },
  spec: {
    replicas,
    serviceName: name,
    revisionHistoryLimit: 2,
    selector: { matchLabels: { app: name } },
    template: template({ app: name }),
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } },
      },
    ],
    ...spec,
  },
});

export const daemonSet = ({ name, namespace: at }: Named, spec = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name, namespace: at, labels: { app: name } },
  spec: {
    revisionHistoryLimit: 2,
    selector: { matchLabels: { app: name } },
    template: template({ app: name, cpu: '20m' }),
    ...spec,
  },
});

export const job = ({ name, namespace: at }: Named, spec: object) => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name, namespace: at },
  spec,
});

export const cronJob = ({ name, namespace: at }: Named, schedule: string, timeZone: string, seconds: number) => ({
  apiVersion: 'batch/v1',
  kind: 'CronJob',
  metadata: { name, namespace: at },
  spec: {
    schedule,
    timeZone,
    successfulJobsHistoryLimit: 2,
    failedJobsHistoryLimit: 1,
    jobTemplate: { spec: { template: taskTemplate(seconds, 0) } },
  },
});

export const claim = ({ name, namespace: at }: Named, storageClassName: string) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name, namespace: at },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '1Gi' } } },
});

/** A Pod of nobody's that uses a claim. */
export const claimant = ({ name, namespace: at }: Named) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: at },
  spec: {
    ...template({ app: name }).spec,
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }],
  },
});

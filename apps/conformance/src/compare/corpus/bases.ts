import type { Json } from '../case.js';

type Base = Json | ((name: string) => Json);

const podSpec: Json = {
  containers: [
    {
      name: 'main',
      image: 'nginx:1.29',
      command: ['nginx'],
      args: ['-g', 'daemon off;'],
      env: [{ name: 'MODE', value: 'fast' }],
      ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }],
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '200m', memory: '128Mi' } },
      readinessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 5 },
      volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }],
      imagePullPolicy: 'IfNotPresent',
    },
  ],
  initContainers: [{ name: 'first', image: 'busybox:1.37' }],
  volumes: [{ name: 'scratch', emptyDir: {} }],
  nodeSelector: { disk: 'ssd' },
  tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'web', effect: 'NoSchedule' }],
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  serviceAccountName: 'default',
  securityContext: { runAsUser: 1000 },
};

const template: Json = { metadata: { labels: { app: 'compared' } }, spec: podSpec };
const onceTemplate: Json = { metadata: { labels: { app: 'compared' } }, spec: { ...podSpec, restartPolicy: 'Never' } };
const selector: Json = { matchLabels: { app: 'compared' } };
const rules: Json[] = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }];
const claim: Json = {
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '1Gi' } },
  storageClassName: 'standard',
  volumeMode: 'Filesystem',
};
const ofRole = (kind: string): Json => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name: 'view' });
const subjects: Json[] = [{ kind: 'ServiceAccount', name: 'default', namespace: 'compared' }];
const scaleTarget: Json = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };

/** What the objects of a kind are made from, by `<group>/<version>/<Kind>`; of others it is the definition's example. */
export const bases: Readonly<Record<string, Base>> = {
  '/v1/Pod': { metadata: { labels: { app: 'compared' } }, spec: podSpec },
  '/v1/PodTemplate': { template },
  '/v1/ReplicationController': { spec: { replicas: 0, selector: { app: 'compared' }, template } },
  'apps/v1/Deployment': {
    metadata: { labels: { app: 'compared' } },
    spec: {
      replicas: 0,
      selector,
      template,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: 1 } },
    },
  },
  'apps/v1/ReplicaSet': { spec: { replicas: 0, selector, template } },
  'apps/v1/StatefulSet': {
    spec: {
      replicas: 0,
      serviceName: 'web',
      selector,
      template,
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
    },
  },
  'apps/v1/DaemonSet': { spec: { selector, template } },
  'batch/v1/Job': { spec: { suspend: true, backoffLimit: 3, completions: 1, parallelism: 1, template: onceTemplate } },
  'batch/v1/CronJob': {
    spec: {
      schedule: '*/5 * * * *',
      suspend: true,
      concurrencyPolicy: 'Forbid',
      jobTemplate: { spec: { template: onceTemplate } },
    },
  },
  '/v1/Service': {
    spec: {
      selector: { app: 'compared' },
      ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }],
      type: 'ClusterIP',
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 600 } },
    },
  },
  '/v1/Endpoints': {
    subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] }],
  },
  'discovery.k8s.io/v1/EndpointSlice': {
    metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.2.3'], conditions: { ready: true }, hostname: 'web-1', nodeName: 'node-1' }],
    ports: [{ name: 'http', port: 80, protocol: 'TCP' }],
  },
  '/v1/Node': {
    metadata: { labels: { 'kubernetes.io/hostname': 'compared' } },
    spec: { podCIDR: '10.244.9.0/24', taints: [{ key: 'dedicated', value: 'web', effect: 'NoSchedule' }] },
    status: { capacity: { cpu: '4', memory: '8Gi', pods: '110' } },
  },
  '/v1/ConfigMap': {
    metadata: { labels: { app: 'compared' } },
    data: { key: 'value' },
    binaryData: { raw: 'AAECAw==' },
  },
  '/v1/Secret': { type: 'Opaque', data: { key: 'dmFsdWU=' }, stringData: { other: 'text' } },
  '/v1/ServiceAccount': {
    imagePullSecrets: [{ name: 'registry' }],
    secrets: [{ name: 'token' }],
    automountServiceAccountToken: false,
  },
  '/v1/Event': {
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'compared', name: 'web' },
    type: 'Normal',
    reason: 'Started',
    message: 'Started the container',
    source: { component: 'kubelet', host: 'node-1' },
    firstTimestamp: '2026-01-01T00:00:00Z',
    lastTimestamp: '2026-01-01T00:00:00Z',
    count: 1,
  },
  'events.k8s.io/v1/Event': {
    eventTime: '2026-01-01T00:00:00.000000Z',
    regarding: { apiVersion: 'v1', kind: 'Pod', namespace: 'compared', name: 'web' },
    reportingController: 'example.com/controller',
    reportingInstance: 'controller-1',
    action: 'Starting',
    reason: 'Started',
    note: 'Started the container',
    type: 'Normal',
  },
  '/v1/LimitRange': {
    // Far from what other objects of the corpus ask for: it would be enforced there, and those are compared as well.
    spec: { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '1Pi' }, min: { storage: '1' } }] },
  },
  '/v1/ResourceQuota': {
    spec: { hard: { pods: '100k', 'count/pods': '1M' }, scopes: ['NotTerminating'] },
  },
  '/v1/PersistentVolumeClaim': { spec: claim },
  '/v1/PersistentVolume': {
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'standard',
      hostPath: { path: '/data' },
    },
  },
  'storage.k8s.io/v1/StorageClass': {
    provisioner: 'example.com/disk',
    parameters: { type: 'fast' },
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
    allowVolumeExpansion: true,
  },
  'storage.k8s.io/v1/CSIDriver': { spec: { attachRequired: true, podInfoOnMount: false } },
  'storage.k8s.io/v1/CSINode': { spec: { drivers: [{ name: 'example.com', nodeID: 'n1', topologyKeys: ['zone'] }] } },
  'storage.k8s.io/v1/VolumeAttachment': {
    spec: { attacher: 'example.com', nodeName: 'node-1', source: { persistentVolumeName: 'pv-1' } },
  },
  'storage.k8s.io/v1/CSIStorageCapacity': { storageClassName: 'standard', capacity: '10Gi' },
  'storage.k8s.io/v1/VolumeAttributesClass': { driverName: 'example.com', parameters: { iops: '100' } },
  'networking.k8s.io/v1/Ingress': {
    spec: {
      ingressClassName: 'example',
      rules: [
        {
          host: 'web.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
          },
        },
      ],
      tls: [{ hosts: ['web.example.com'], secretName: 'tls' }],
    },
  },
  'networking.k8s.io/v1/IngressClass': { spec: { controller: 'example.com/ingress' } },
  'networking.k8s.io/v1/NetworkPolicy': {
    spec: {
      podSelector: selector,
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: selector }], ports: [{ protocol: 'TCP', port: 80 }] }],
    },
  },
  'networking.k8s.io/v1/ServiceCIDR': { spec: { cidrs: ['10.97.0.0/16'] } },
  'node.k8s.io/v1/RuntimeClass': { handler: 'runc', overhead: { podFixed: { cpu: '10m' } } },
  'policy/v1/PodDisruptionBudget': { spec: { minAvailable: 1, selector } },
  'scheduling.k8s.io/v1/PriorityClass': { value: 10, preemptionPolicy: 'Never', description: 'low' },
  'coordination.k8s.io/v1/Lease': {
    spec: {
      holderIdentity: 'me',
      leaseDurationSeconds: 15,
      acquireTime: '2026-01-01T00:00:00.000000Z',
      renewTime: '2026-01-01T00:00:00.000000Z',
      leaseTransitions: 1,
    },
  },
  'autoscaling/v1/HorizontalPodAutoscaler': {
    spec: { scaleTargetRef: scaleTarget, minReplicas: 1, maxReplicas: 3, targetCPUUtilizationPercentage: 80 },
  },
  'autoscaling/v2/HorizontalPodAutoscaler': {
    spec: {
      scaleTargetRef: scaleTarget,
      minReplicas: 1,
      maxReplicas: 3,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    },
  },
  'rbac.authorization.k8s.io/v1/Role': { rules },
  'rbac.authorization.k8s.io/v1/ClusterRole': { rules },
  'rbac.authorization.k8s.io/v1/RoleBinding': { roleRef: ofRole('ClusterRole'), subjects },
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': { roleRef: ofRole('ClusterRole'), subjects },
  'flowcontrol.apiserver.k8s.io/v1/FlowSchema': {
    spec: {
      priorityLevelConfiguration: { name: 'workload-low' },
      matchingPrecedence: 9000,
      rules: [
        {
          subjects: [{ kind: 'User', user: { name: 'nobody' } }],
          nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/nothing'] }],
        },
      ],
    },
  },
  'flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration': {
    spec: {
      type: 'Limited',
      limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Queue', queuing: { queues: 8, handSize: 2 } } },
    },
  },
  'apiextensions.k8s.io/v1/CustomResourceDefinition': (name) => ({
    metadata: { name: `${name}.compared.example.com` },
    spec: {
      group: 'compared.example.com',
      scope: 'Namespaced',
      names: { plural: name, singular: `${name}one`, kind: `Kind${name.replaceAll('-', '')}` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  }),
  // They look at nothing that the corpus sends.
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': {
    webhooks: [
      {
        name: 'check.example.com',
        clientConfig: { url: 'https://127.0.0.1:1/' },
        rules: [
          { apiGroups: ['nothing.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothing'] },
        ],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        failurePolicy: 'Ignore',
      },
    ],
  },
};

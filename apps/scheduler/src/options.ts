import type { OptionSpecs } from '@binnacle/process-config';

export const PROGRAM = 'kube-scheduler';

/** What has no default here is said by the file, or by its defaults. */
export const optionSpecs = {
  config: { type: 'string', description: 'file with a KubeSchedulerConfiguration' },
  kubeconfig: { type: 'string', description: 'file that says where the API server is and who to be' },
  'leader-elect': { type: 'boolean', description: 'schedule only while holding the lease (default true)' },
  'leader-elect-resource-namespace': { type: 'string', description: 'where the lease is (default kube-system)' },
  'health-port': { type: 'number', description: 'port of /healthz and /metrics on loopback', default: 10_259 },
  'scheduler-name': {
    type: 'string',
    description: 'whose Pods to schedule, without a file (default default-scheduler)',
  },
  'cluster-idle-after': {
    type: 'number',
    description: 'seconds after its last change that a logical cluster rests',
    default: 60,
  },
  decisions: { type: 'boolean', description: 'tell the API server why Pods are where they are', default: true },
  'decision-details-per-second': {
    type: 'number',
    description: 'attempts of which it is told what every single node said',
    default: 5,
  },
  seed: { type: 'number', description: 'decides between equally good nodes', default: 36 },
} as const satisfies OptionSpecs;

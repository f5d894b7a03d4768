import type { OptionSpecs } from '@binnacle/process-config';

export const PROGRAM = 'ingress-controller';

export const optionSpecs = {
  kubeconfig: { type: 'string', description: 'file that says where the API server is and who to be', required: true },
  'leader-elect': { type: 'boolean', description: 'serve only while holding the lease: a stand-by', default: false },
  'health-port': { type: 'number', description: 'port of /healthz and /metrics on loopback', default: 10_254 },
  'ingress-class': {
    type: 'string',
    description: 'the IngressClass that is made, and what the old annotation says',
    default: 'binnacle',
  },
  'controller-class': {
    type: 'string',
    description: 'spec.controller of the IngressClasses that are served',
    default: 'binnacle.dev/ingress-controller',
  },
  'publish-service': {
    type: 'string',
    description: 'namespace/name of the Service that gives the entrance its address',
    default: 'kube-system/ingress-controller',
  },
  'access-log': { type: 'boolean', description: 'log a line for each request', default: true },
  'max-requests': { type: 'number', description: 'requests of a logical cluster at a time', default: 10_000 },
  'cluster-cidr': { type: 'string', description: 'addresses of Pods', default: '10.244.0.0/16' },
  'cluster-idle-after': {
    type: 'number',
    description: 'seconds after its last change that a logical cluster rests',
    default: 60,
  },
  'open-endpoints': {
    type: 'string',
    description: 'ranges of addresses beside Pods and nodes that endpoints may lead to, with commas between',
    default: '',
  },
} as const satisfies OptionSpecs;

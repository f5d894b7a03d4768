import type { OptionSpecs } from '@binnacle/process-config';

export const options = {
  kubeconfig: { type: 'string', description: 'file that says where the API server is and who to be', required: true },
  'leader-elect': { type: 'boolean', description: 'work only while holding the lease', default: true },
  'health-port': { type: 'number', description: 'port of /healthz and /metrics on loopback', default: 10257 },
  'cluster-cidr': { type: 'string', description: 'range of Pod addresses, a /24 per node', default: '10.244.0.0/16' },
  'service-cluster-ip-range': { type: 'string', description: 'range of Service addresses', default: '10.96.0.0/16' },
  'node-monitor-grace-period': {
    type: 'number',
    description: 'seconds without a heartbeat after which a node counts as unreachable',
    default: 50,
  },
  'terminated-pod-gc-threshold': {
    type: 'number',
    description: 'finished Pods that are kept before the oldest are deleted',
    default: 12_500,
  },
  'service-account-private-key-file': {
    type: 'string',
    description: 'key that signs the tokens Secrets ask for, PEM; without it no Secret gets one',
    default: '',
  },
  'cluster-signing-cert-file': {
    type: 'string',
    description: 'certificate of the authority that signs what was approved, PEM; without it nothing is signed',
    default: '',
  },
  'cluster-signing-key-file': { type: 'string', description: 'its key, PEM', default: '' },
  'cluster-signing-duration': {
    type: 'number',
    description: 'hours that a signed certificate lives at the most',
    default: 8_760,
  },
  'legacy-service-account-token-clean-up-period': {
    type: 'number',
    description: 'hours without use after which a token that was made for an account in a Secret ends',
    default: 8_760,
  },
  controllers: {
    type: 'string',
    description:
      "controllers to run, by commas: '*' for all that are on by default, 'name' for one, '-name' for all but one",
    default: '*',
  },
  'cluster-idle-after': {
    type: 'number',
    description: 'seconds after its last change that a logical cluster rests',
    default: 60,
  },
} as const satisfies OptionSpecs;

import type { OptionSpecs } from '@binnacle/process-config';

export const PROGRAM = 'cloud-controller-manager';

export const optionSpecs = {
  kubeconfig: { type: 'string', description: 'file that says where the API server is and who to be', required: true },
  'leader-elect': { type: 'boolean', description: 'work only while holding the lease', default: true },
  'health-port': { type: 'number', description: 'port of /healthz and /metrics on loopback', default: 10258 },
  controllers: {
    type: 'string',
    description:
      "controllers to run, by commas: '*' for all that are on by default, 'name' for one, '-name' for all but one",
    default: '*',
  },
  'load-balancer-cidr': {
    type: 'string',
    repeatable: true,
    description:
      'addresses of load balancers, with commas between: <range> of Services that name no class, <class>=<range> of one',
    default: '127.97.0.0/24',
  },
  'cluster-idle-after': {
    type: 'number',
    description: 'seconds after its last change that a logical cluster rests',
    default: 60,
  },
} as const satisfies OptionSpecs;

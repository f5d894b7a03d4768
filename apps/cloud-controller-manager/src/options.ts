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
  'simulated-nodes-dir': {
    type: 'string',
    default: '',
    description:
      'directory of simulated nodes, one JSON file each: the machines of the cluster main; not known if empty',
  },
  'agent-name': { type: 'string', default: 'kubelet-sim', description: 'who carries the simulated nodes' },
  'hostname-override': { type: 'string', default: '', description: 'the Node that this machine is; none if empty' },
  region: { type: 'string', default: 'local', description: 'the region that nodes of this machine are in' },
  'cluster-cidr': {
    type: 'string',
    default: '10.244.0.0/16',
    description: 'addresses of Pods, for clouds with routes',
  },
  'node-status-update-frequency': {
    type: 'number',
    default: 300,
    description: 'seconds between two looks at the addresses of a node',
  },
  'node-monitor-period': {
    type: 'number',
    default: 5,
    description: 'seconds between two looks at the machine of a node that is not ready',
  },
  'route-reconciliation-period': { type: 'number', default: 10, description: 'seconds between two looks at routes' },
  'cluster-idle-after': {
    type: 'number',
    description: 'seconds after its last change that a logical cluster rests',
    default: 60,
  },
} as const satisfies OptionSpecs;

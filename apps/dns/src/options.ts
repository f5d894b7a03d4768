import type { OptionSpecs } from '@binnacle/process-config';

export const PROGRAM = 'kube-dns';

export const optionSpecs = {
  kubeconfig: { type: 'string', description: 'file that says where the API server is and who to be', required: true },
  'leader-elect': { type: 'boolean', description: 'answer only while holding the lease: a stand-by', default: false },
  'health-port': { type: 'number', description: 'port of /healthz and /metrics on loopback', default: 9153 },
  'service-cluster-ip-range': { type: 'string', description: 'addresses of Services', default: '10.96.0.0/16' },
  'cluster-idle-after': {
    type: 'number',
    description: 'seconds after its last change that a logical cluster rests',
    default: 60,
  },
  ttl: { type: 'number', description: 'seconds for which an answer about the cluster may be kept', default: 30 },
  'cluster-cidr': { type: 'string', description: 'addresses of Pods', default: '10.244.0.0/16' },
  upstream: {
    type: 'string',
    description:
      'servers that are asked about names beside the clusters’, with commas between, or a file such as /etc/resolv.conf; nobody when empty',
    default: '',
  },
  'open-upstreams': {
    type: 'string',
    description: 'ranges of servers beyond the clusters that their ConfigMaps may name, with commas between',
    default: '',
  },
  'cache-seconds': { type: 'number', description: 'how long answers of other servers are kept at most', default: 30 },
  'cache-mebibytes': { type: 'number', description: 'how much of them is kept', default: 16 },
  'client-questions': {
    type: 'number',
    description: 'questions a second that one address may ask; more are not answered',
    default: 20_000,
  },
  'client-connections': { type: 'number', description: 'TCP connections that one address may have', default: 64 },
} as const satisfies OptionSpecs;

import { EXTERNAL_CIDR } from '@binnacle/machinery-wire';
import type { OptionSpecs } from '@binnacle/process-config';

export const PROGRAM = 'kube-proxy';

export const optionSpecs = {
  kubeconfig: { type: 'string', description: 'file that says where the API server is and who to be', required: true },
  'leader-elect': { type: 'boolean', description: 'proxy only while holding the lease: a stand-by', default: false },
  'health-port': { type: 'number', description: 'port of /healthz and /metrics on loopback', default: 10_256 },
  'healthz-port': { type: 'number', description: 'the same by its older name; wins when given' },
  'secure-port': {
    type: 'number',
    description: 'port where the API server is told what stands and what was carried, on loopback; none when 0',
    default: 0,
  },
  'tls-cert-file': { type: 'string', description: 'certificate of that port', default: '' },
  'tls-private-key-file': { type: 'string', description: 'its private key', default: '' },
  'client-ca-file': {
    type: 'string',
    description: 'authority whose client certificates are believed there',
    default: '',
  },
  'hostname-override': {
    type: 'string',
    description:
      'the Node of this machine, by which /healthz tells load balancers whether to send traffic; none when empty',
    default: '',
  },
  'cluster-cidr': { type: 'string', description: 'addresses of Pods', default: '10.244.0.0/16' },
  'service-cluster-ip-range': { type: 'string', description: 'addresses of Services', default: '10.96.0.0/16' },
  'cluster-idle-after': {
    type: 'number',
    description: 'seconds after its last change that a logical cluster rests',
    default: 60,
  },
  'node-port-addresses': {
    type: 'string',
    description: 'ranges of local addresses that carry node ports, with commas between; loopback ones when empty',
    default: '',
  },
  'external-cidr': {
    type: 'string',
    description: 'addresses that Services may be given beside their own, of this machine too, with commas between',
    default: EXTERNAL_CIDR,
  },
  'open-endpoints': {
    type: 'string',
    description: 'ranges of addresses beside Pods and nodes that endpoints may lead to, with commas between',
    default: '',
  },
} as const satisfies OptionSpecs;

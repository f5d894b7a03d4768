import { EXTERNAL_CIDR } from '@binnacle/machinery-wire';
import type { OptionSpecs } from '@binnacle/process-config';

export const PROGRAM = 'kubelet';

export const optionSpecs = {
  kubeconfig: { type: 'string', required: true, description: 'where the API server is and who to be there' },
  'bootstrap-kubeconfig': {
    type: 'string',
    default: '',
    description: 'who asks for the first certificate where --kubeconfig has none that holds (runtime process)',
  },
  'rotate-certificates': {
    type: 'boolean',
    default: false,
    description: 'renew the client certificate before it ends (runtime process)',
  },
  'rotate-server-certificates': {
    type: 'boolean',
    default: false,
    description: "ask the cluster for the HTTPS endpoint's certificate and renew it (runtime process)",
  },
  'cert-dir': {
    type: 'string',
    default: '',
    description: 'directory of certificates asked for; <root-dir>/pki if empty',
  },
  runtime: {
    type: 'string',
    default: 'process',
    description: 'process: static Pods as processes; sim: simulated nodes',
  },
  'node-name': { type: 'string', default: '', description: 'name of the node (runtime process)' },
  'node-ip': { type: 'string', default: '127.0.0.1', description: 'address of the node (runtime process)' },
  'root-dir': { type: 'string', required: true, description: 'directory of what the kubelet must remember' },
  'pod-logs-dir': {
    type: 'string',
    default: '',
    description: 'directory of container logs; <root-dir>/logs/pods if empty',
  },
  'pod-manifest-path': { type: 'string', default: '', description: "directory of static Pods' manifests" },
  'simulated-nodes-dir': {
    type: 'string',
    default: '',
    description: 'directory of simulated nodes, one JSON file each',
  },
  'open-addresses': {
    type: 'string',
    default: '',
    description: 'host:port of this machine or beyond that simulated Pods may reach, with commas between',
  },
  'external-cidr': {
    type: 'string',
    default: EXTERNAL_CIDR,
    description: 'addresses that Services may be given beside their own, with commas between (runtime sim)',
  },
  'cloud-provider': {
    type: 'string',
    default: '',
    description: 'external: nodes wait for a cloud controller manager to say what they are; nothing if empty',
  },
  'agent-name': {
    type: 'string',
    default: 'kubelet-sim',
    description: 'who carries the simulated nodes (runtime sim)',
  },
  'cluster-idle-after': {
    type: 'number',
    default: 60,
    description: 'seconds after its last change that a logical cluster rests (runtime sim)',
  },
  port: { type: 'number', default: 10250, description: "port of the kubelet's HTTPS endpoint" },
  'cert-file': {
    type: 'string',
    default: '',
    description: "certificate of the kubelet's HTTPS endpoint, or of it until the cluster has given one",
  },
  'key-file': { type: 'string', default: '', description: 'its private key' },
  'client-ca-file': { type: 'string', required: true, description: 'authority whose client certificates are believed' },
  'only-stop-pods': {
    type: 'boolean',
    default: false,
    description: 'stop the static Pods that an earlier run left, and end',
  },
  'stop-pods-on-exit': { type: 'boolean', default: false, description: 'stop all static Pods before ending' },
} as const satisfies OptionSpecs;

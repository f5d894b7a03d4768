import type { Options, OptionSpecs } from '@binnacle/process-config';
import { authenticationOptions } from './authentication/options.js';
import { authorizationOptions } from './authorization/options.js';

export const PROGRAM = 'kube-apiserver';

/** The flags of the API server; the names are kube-apiserver's where it has the same. */
export const options = {
  'bind-address': { type: 'string', default: '127.0.0.1', description: 'address to listen on' },
  'advertise-address': { type: 'string', default: '', description: 'address others reach this server at' },
  'advertise-port': { type: 'number', default: 0, description: 'port others reach it at, the same if 0' },
  'secure-port': { type: 'number', default: 6443, description: 'port to listen on' },
  'database-url': { type: 'string', default: '', description: 'Postgres to keep everything in' },
  'database-url-file': { type: 'string', default: '', description: 'file with the URL of that Postgres instead' },
  'tls-cert-file': { type: 'string', required: true, description: "the server's certificate, PEM" },
  'tls-private-key-file': { type: 'string', required: true, description: "the server's key, PEM" },
  'client-ca-file': { type: 'string', required: true, description: 'authority of client certificates, PEM' },
  ...authenticationOptions,
  ...authorizationOptions,
  'kubelet-client-certificate': { type: 'string', default: '', description: 'certificate shown to kubelets' },
  'kubelet-client-key': { type: 'string', default: '', description: 'key of that certificate' },
  'kube-proxy-endpoints': {
    type: 'string',
    default: '',
    description: 'host:port of proxies that tell what they carry to who shows that certificate, separated by commas',
  },
  'service-cluster-ip-range': { type: 'string', default: '10.96.0.0/16', description: 'addresses of Services' },
  'service-node-port-range': { type: 'string', default: '30000-32767', description: 'ports of Services on nodes' },
  'public-url': { type: 'string', default: '', description: 'where the dashboard is reached, separated by commas' },
  'bootstrap-accounts-file': { type: 'string', default: '', description: 'accounts made when there are none' },
  'max-requests-inflight': { type: 'number', default: 70, description: 'requests served at a time that only read' },
  'max-mutating-requests-inflight': {
    type: 'number',
    default: 30,
    description: 'those that write; only the sum of the two counts, shared out by API Priority and Fairness',
  },
  'enable-admission-plugins': { type: 'string', default: '', description: 'rules of admission to add, by commas' },
  'disable-admission-plugins': {
    type: 'string',
    default: '',
    description: 'rules of admission to leave out, by commas',
  },
  'admission-control-config-file': { type: 'string', default: '', description: 'AdmissionConfiguration, YAML or JSON' },
  'audit-policy-file': { type: 'string', default: '', description: 'Policy of audit.k8s.io: what is noted' },
  'audit-log-path': {
    type: 'string',
    default: '',
    description: 'file the audit log is written to; - is standard output',
  },
  'audit-log-format': { type: 'string', default: 'json', description: 'json' },
  'audit-log-mode': {
    type: 'string',
    default: 'batch',
    description: 'batch, or blocking: requests wait for room in it',
  },
  'audit-log-maxage': { type: 'number', default: 0, description: 'days old files of it are kept, all if 0' },
  'audit-log-maxbackup': { type: 'number', default: 0, description: 'old files of it that are kept, all if 0' },
  'audit-log-maxsize': { type: 'number', default: 100, description: 'megabytes of one file of it' },
  'audit-webhook-config-file': { type: 'string', default: '', description: 'kubeconfig of who is sent the audit log' },
  'audit-webhook-mode': { type: 'string', default: 'batch', description: 'batch, or blocking' },
  'audit-webhook-initial-backoff': { type: 'number', default: 10, description: 'seconds before it is sent again' },
  'encryption-provider-config': {
    type: 'string',
    default: '',
    description: 'EncryptionConfiguration: what is kept sealed',
  },
  'encryption-provider-config-automatic-reload': {
    type: 'boolean',
    default: false,
    description: 'read that file again when it changes',
  },
  migrate: { type: 'boolean', default: true, description: 'bring the database schema up to date on start' },
} as const satisfies OptionSpecs;

export type ApiServerSettings = Options<typeof options>;

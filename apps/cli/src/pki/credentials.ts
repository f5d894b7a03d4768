import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@binnacle/process-config';
import { writePrivate } from '../data-dir/write-file.js';
import type { DataDir } from '../data-dir/layout.js';
import {
  createAuthority,
  createSigningKey,
  isCurrent,
  isOf,
  isPair,
  issue,
  type KeyPair,
  type Subject,
} from './authority.js';
import { formatKubeconfig } from './kubeconfig.js';

const MASTERS = 'system:masters';
const NODES = 'system:nodes';
/** Its kubelet may say of its node that it is a control plane's. */
const CONTROL_PLANE_NODES = 'binnacle:control-plane-nodes';
/** They may read the certificates of what they serve. */
const INGRESS_CONTROLLERS = 'binnacle:ingress-controllers';

/** Who acts in the cluster, by the name of its files. */
function identities(hosts: readonly string[], nodeName: string): Record<string, Subject> {
  return {
    apiserver: { commonName: 'kube-apiserver', hosts },
    'apiserver-kubelet-client': { commonName: 'kube-apiserver-kubelet-client', organizations: [MASTERS] },
    admin: { commonName: 'kubernetes-admin', organizations: [MASTERS] },
    kubelet: { commonName: `system:node:${nodeName}`, organizations: [NODES, CONTROL_PLANE_NODES], hosts },
    'kubelet-sim': { commonName: 'system:node-agent:kubelet-sim', organizations: [NODES], hosts },
    'kube-scheduler': { commonName: 'system:kube-scheduler' },
    'kube-controller-manager': { commonName: 'system:kube-controller-manager' },
    // It also tells the API server what it carries, at a port of its own.
    'kube-proxy': { commonName: 'system:kube-proxy', hosts },
    'kube-dns': { commonName: 'system:kube-dns' },
    'ingress-controller': { commonName: 'system:ingress-controller', organizations: [INGRESS_CONTROLLERS] },
    'cloud-controller-manager': { commonName: 'system:cloud-controller-manager' },
    web: { commonName: 'system:web' },
  };
}

const KUBECONFIGS = [
  'admin',
  'kubelet',
  'kubelet-sim',
  'kube-scheduler',
  'kube-controller-manager',
  'kube-proxy',
  'kube-dns',
  'ingress-controller',
  'cloud-controller-manager',
  'web',
];

function readPair(dir: DataDir, name: string): KeyPair | undefined {
  const [certificate, key] = [join(dir.pki, `${name}.crt`), join(dir.pki, `${name}.key`)];
  if (!existsSync(certificate) || !existsSync(key)) return undefined;
  return { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
}

function writePair(dir: DataDir, name: string, pair: KeyPair): KeyPair {
  writePrivate(join(dir.pki, `${name}.crt`), pair.certificate);
  writePrivate(join(dir.pki, `${name}.key`), pair.key);
  return pair;
}

async function ensurePair(
  dir: DataDir,
  authority: KeyPair,
  name: string,
  subject: Subject,
  now: number,
): Promise<KeyPair> {
  const present = readPair(dir, name);
  const isGood =
    present &&
    isPair(present, authority.certificate) &&
    isCurrent(present.certificate, subject, now) &&
    isOf(present.certificate, subject);
  if (isGood) return present;
  return writePair(dir, name, await issue(authority, subject, now));
}

/** Everything trusts the authority: one that is broken is not replaced without being asked. */
async function ensureAuthority(dir: DataDir, now: number): Promise<KeyPair> {
  const present = readPair(dir, 'ca');
  if (!present) return writePair(dir, 'ca', await createAuthority('binnacle', now));
  if (isPair(present, present.certificate)) return present;
  throw new ConfigError(
    `${join(dir.pki, 'ca.crt')} and ca.key beside it do not fit; bring them back, or remove both for a new authority`,
  );
}

async function ensureSigningKey(dir: DataDir): Promise<void> {
  if (existsSync(join(dir.pki, 'sa.key'))) return;
  const { publicKey, privateKey } = await createSigningKey();
  writePrivate(join(dir.pki, 'sa.pub'), publicKey);
  writePrivate(join(dir.pki, 'sa.key'), privateKey);
}

/** Web sessions outlive the key of tokens, which signed them up to an earlier release. */
function ensureSessionKey(dir: DataDir): void {
  const file = join(dir.pki, 'session.key');
  if (!existsSync(file)) writePrivate(file, readFileSync(join(dir.pki, 'sa.key'), 'utf8'));
}

export interface CredentialOptions {
  readonly server: string;
  readonly hosts: readonly string[];
  readonly nodeName: string;
  readonly now: number;
}

/** Makes what is missing of the cluster's authority, certificates and kubeconfigs, and renews what is about to expire. */
export async function ensureCredentials(dir: DataDir, options: CredentialOptions): Promise<void> {
  const { now } = options;
  const authority = await ensureAuthority(dir, now);
  await ensureSigningKey(dir);
  ensureSessionKey(dir);
  for (const [name, subject] of Object.entries(identities(options.hosts, options.nodeName))) {
    const pair = await ensurePair(dir, authority, name, subject, now);
    if (!KUBECONFIGS.includes(name)) continue;
    const text = formatKubeconfig({
      server: options.server,
      authority: authority.certificate,
      user: subject.commonName,
      pair,
    });
    writePrivate(join(dir.kubeconfigs, `${name}.conf`), text);
  }
}

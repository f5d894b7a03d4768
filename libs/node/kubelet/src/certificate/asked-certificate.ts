import 'reflect-metadata';
import { createHash, createPrivateKey, createPublicKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto);

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const NODES = 'system:nodes';
const isAddress = (host: string): boolean => /^[\d.]+$/.test(host) || host.includes(':');

/** What a kubelet wants certified. */
export interface AskedCertificate {
  readonly signerName: string;
  readonly usages: readonly string[];
  readonly commonName: string;
  /** DNS names and IP addresses, without repetition. */
  readonly hosts: readonly string[];
}

const commonNameOf = (nodeName: string): string => `system:node:${nodeName}`;

/** By which a node calls the API server. Keys of elliptic curves encipher nothing, so that usage is not asked for. */
export const clientCertificate = (nodeName: string): AskedCertificate => ({
  signerName: 'kubernetes.io/kube-apiserver-client-kubelet',
  usages: ['digital signature', 'client auth'],
  commonName: commonNameOf(nodeName),
  hosts: [],
});

/** By which a node is called. */
export const servingCertificate = (nodeName: string, hosts: readonly string[]): AskedCertificate => ({
  signerName: 'kubernetes.io/kubelet-serving',
  usages: ['digital signature', 'server auth'],
  commonName: commonNameOf(nodeName),
  hosts: [...new Set(hosts)],
});

const namesOf = (hosts: readonly string[]): x509.JsonGeneralNames =>
  hosts.map((value) => ({ type: isAddress(value) ? 'ip' : 'dns', value }));

async function keysOf(key: string): Promise<webcrypto.CryptoKeyPair> {
  const { subtle } = webcrypto;
  const secret = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
  const open = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return {
    privateKey: await subtle.importKey('pkcs8', secret, ALGORITHM, false, ['sign']),
    publicKey: await subtle.importKey('spki', open, ALGORITHM, true, ['verify']),
  };
}

/** A request that is signed with the key, PEM. */
export async function certificateRequest(key: string, { commonName, hosts }: AskedCertificate): Promise<string> {
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ O: [NODES] }, { CN: [commonName] }],
    keys: await keysOf(key),
    signingAlgorithm: ALGORITHM,
    extensions: hosts.length > 0 ? [new x509.SubjectAlternativeNameExtension(namesOf(hosts))] : [],
  });
  return `${request.toString('pem')}\n`;
}

/** The same for the same key and wish, so that a kubelet that begins anew finds what it asked for. */
export function requestName(key: string, asked: AskedCertificate): string {
  const open = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return `node-csr-${createHash('sha256').update(open).update(JSON.stringify(asked)).digest('hex')}`;
}

/** Whether a certificate, PEM, says who is wished for, with all the names; a node's may change. */
export function isFor(certificate: string, { commonName, hosts }: AskedCertificate): boolean {
  const parsed = new x509.X509Certificate(certificate);
  const names = parsed.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  const given = new Set(names.map(({ value }) => value));
  const { subjectName } = parsed;
  return subjectName.getField('CN').join() === commonName && hosts.every((host) => given.has(host));
}

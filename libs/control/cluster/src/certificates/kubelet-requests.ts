import type { AskedCertificate, NameType } from './certificate-request.js';

export type KubeletRequest = Pick<AskedCertificate, 'commonName' | 'organizations' | 'names'>;

const has = ({ names }: KubeletRequest, ...types: readonly NameType[]) =>
  names.some(({ type }) => types.includes(type));

const isSet = (usages: readonly string[], ...wanted: readonly string[]) =>
  new Set(usages).size === wanted.length && wanted.every((usage) => usages.includes(usage));

const DIGITAL = 'digital signature';
const ENCIPHERMENT = 'key encipherment';

/** Keys that are not RSA's cannot encipher, so that usage may be missing. */
function areUsages(usages: readonly string[], purpose: string): boolean {
  return isSet(usages, DIGITAL, ENCIPHERMENT, purpose) || isSet(usages, DIGITAL, purpose);
}

const isOfNodes = ({ organizations }: KubeletRequest) =>
  organizations.length === 1 && organizations[0] === 'system:nodes';

const ORGANIZATION = 'subject organization is not system:nodes';
const COMMON_NAME = 'subject common name does not begin with system:node:';
const refused = (kind: string) => `${kind} subjectAltNames are not allowed`;
const mismatch = (purpose: string) => `usages did not match [${[purpose, DIGITAL, ENCIPHERMENT].sort().join(' ')}]`;

/** The first of what is wrong that is found, in order. */
const firstOf = (checks: readonly (readonly [wrong: boolean, why: string])[]) => checks.find(([wrong]) => wrong)?.[1];

/** Why a request is not that of a kubelet that wants to call the API server. Behaves as kubernetes pkg/apis/certificates/helpers.go. */
export function notKubeletClient(asked: KubeletRequest, usages: readonly string[]): string | undefined {
  return firstOf([
    [!isOfNodes(asked), ORGANIZATION],
    [has(asked, 'dns'), refused('DNS')],
    [has(asked, 'email'), refused('Email')],
    [has(asked, 'ip'), refused('IP')],
    [has(asked, 'url'), refused('URI')],
    [!asked.commonName.startsWith('system:node:'), COMMON_NAME],
    [!areUsages(usages, 'client auth'), mismatch('client auth')],
  ]);
}

/** Why a request is not that of a kubelet that wants to be called. */
export function notKubeletServing(asked: KubeletRequest, usages: readonly string[]): string | undefined {
  return firstOf([
    [!isOfNodes(asked), ORGANIZATION],
    [!has(asked, 'dns', 'ip'), 'DNS or IP subjectAltName is required'],
    [has(asked, 'email'), refused('Email')],
    [has(asked, 'url'), refused('URI')],
    [!areUsages(usages, 'server auth'), mismatch('server auth')],
    [!asked.commonName.startsWith('system:node:'), COMMON_NAME],
  ]);
}

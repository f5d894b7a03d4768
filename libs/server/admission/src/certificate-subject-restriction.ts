import { type CertificateSigningRequest, organizationsOf } from '@binnacle/apis-kubernetes/certificates/v1';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import { type AdmissionPlugin, isAbout } from './admission-chain.js';

const SIGNER = 'kubernetes.io/kube-apiserver-client';
const MASTERS = 'system:masters';

/**
 * Lets nobody ask for a certificate of those who may do everything. Behaves as kubernetes
 * plugin/pkg/admission/certificates/subjectrestriction.
 */
export class CertificateSubjectRestriction implements AdmissionPlugin {
  readonly name = 'CertificateSubjectRestriction';

  validate(_ctx: RequestContext, attributes: AdmissionAttributes): void {
    const { operation, definition, name, object } = attributes;
    if (operation !== 'CREATE' || !isAbout(attributes, 'certificates.k8s.io', 'certificatesigningrequests')) return;
    const { spec } = object as unknown as CertificateSigningRequest;
    if (spec?.signerName !== SIGNER || !organizationsOf(spec.request).includes(MASTERS)) return;
    throw forbidden(definition, name, `use of ${SIGNER} signer with ${MASTERS} group is not allowed`);
  }
}

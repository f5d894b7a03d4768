import type { TLSCertificateStatus } from '@binnacle/apis-kubernetes/tls-certificates/v1';

/** What a certificate says of itself, without the key. */
export type CertificateFacts = Readonly<TLSCertificateStatus>;

/** A Secret's certificate as far as it is known to whoever looks. */
export type CertificateSight =
  | { readonly state: 'known'; readonly facts: CertificateFacts }
  | { readonly state: 'missing' | 'loading' | 'refused' };

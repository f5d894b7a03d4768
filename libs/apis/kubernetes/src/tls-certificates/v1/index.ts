import type { KubeObject } from '@binnacle/machinery-meta';

/** What a certificate says of itself. */
export interface TLSCertificateStatus {
  /** Why there is no more to say: `NoCertificate` or `NoKey` where one of the two is not there, else `Unreadable`. */
  problem?: 'NoCertificate' | 'NoKey' | 'Unreadable';
  subject?: string;
  issuer?: string;
  /** The names it is for, in lower case; of the subject where it says no others. At most 100. */
  names?: string[];
  /** RFC 3339. */
  notBefore?: string;
  notAfter?: string;
  /** Whether the key beside it is its own. */
  keyFits?: boolean;
}

/** The certificate in a Secret of type `kubernetes.io/tls`, without the key. It has the Secret's name. */
export interface TLSCertificate extends KubeObject {
  status: TLSCertificateStatus;
}

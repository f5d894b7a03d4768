/** What a TLS Secret's certificate says of itself, without the key. */
export interface CertificateFacts {
  /** Why there is nothing more to say: `tls.crt` or `tls.key` is not there, or cannot be read. */
  readonly problem?: 'NoCertificate' | 'NoKey' | 'Unreadable';
  readonly subject?: string;
  readonly issuer?: string;
  /** The names it is for, in lower case; a wildcard is `*.example.com`. */
  readonly names?: readonly string[];
  /** RFC 3339. */
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** Whether the key beside it is its own. */
  readonly keyFits?: boolean;
}

/** A Secret's certificate as far as it is known to whoever looks. */
export type CertificateSight =
  | { readonly state: 'known'; readonly facts: CertificateFacts }
  | { readonly state: 'missing' | 'loading' | 'refused' };

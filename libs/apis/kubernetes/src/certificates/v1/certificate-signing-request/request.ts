import { isSignedDer } from '../x509/der.js';
import { pemBlocks } from '../x509/pem.js';

const REQUEST = 'CERTIFICATE REQUEST';
const CERTIFICATE = 'CERTIFICATE';

/** What is wrong with the request of a client. Its signature is not verified: whoever signs has to. */
export function requestFault(request: string): string | undefined {
  const [first] = pemBlocks(request);
  if (first?.type !== REQUEST) return `PEM block type must be ${REQUEST}`;
  return isSignedDer(first.bytes) ? undefined : 'x509: malformed certificate request';
}

/** What is wrong with the certificates a signer answered with. Behaves as kubernetes validateCertificate. */
export function certificateFault(certificate = ''): string | undefined {
  if (!certificate) return undefined;
  const blocks = pemBlocks(certificate);
  for (const { type, headers, bytes } of blocks) {
    if (type !== CERTIFICATE) return `only ${CERTIFICATE} PEM blocks are allowed, found "${type}"`;
    if (headers.length > 0) return 'no PEM block headers are permitted';
    if (!isSignedDer(bytes)) return 'x509: malformed certificate';
  }
  return blocks.length > 0 ? undefined : `must contain at least one ${CERTIFICATE} PEM block`;
}

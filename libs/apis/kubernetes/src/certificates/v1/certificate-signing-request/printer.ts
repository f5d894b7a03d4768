import {
  type TablePrinter,
  ageColumn,
  ageOf,
  column,
  humanDuration,
  NONE,
  nameColumn,
  nameOf,
} from '@binnacle/apis-registry';
import type { CertificateSigningRequest, CertificateSigningRequestSpec } from '../index.js';

/** What became of it: whether it was decided, whether signing failed and whether it was signed. */
function stateOf({ status }: CertificateSigningRequest): string {
  const types = new Set((status?.conditions ?? []).map(({ type }) => type));
  const decided = ['Denied', 'Approved'].find((type) => types.has(type)) ?? 'Pending';
  return [decided, ...(types.has('Failed') ? ['Failed'] : []), ...(status?.certificate ? ['Issued'] : [])].join(',');
}

export const printer: TablePrinter<CertificateSigningRequest> = {
  columns: [
    nameColumn,
    ageColumn,
    column('SignerName', 'Who is to sign it.'),
    column('Requestor', 'Who asked.'),
    column('RequestedDuration', 'How long the certificate is to be valid.'),
    column('Condition', 'What became of it.'),
  ],
  row: (request, now) => {
    const spec: Partial<CertificateSigningRequestSpec> = request.spec ?? {};
    const { expirationSeconds: seconds } = spec;
    return [
      nameOf(request),
      ageOf(request, now),
      spec.signerName || NONE,
      spec.username ?? '',
      seconds === undefined ? NONE : humanDuration(seconds * 1000),
      stateOf(request),
    ];
  },
};

import { ageColumn, ageOf, column, nameColumn, nameOf, type TablePrinter, wide } from '@binnacle/apis-registry';
import type { TLSCertificate, TLSCertificateStatus } from '../index.js';

const DAY_MILLISECONDS = 86_400_000;

/** `12d`, or `-3d` for one that has ended; empty where it does not say. */
function remaining({ notAfter }: TLSCertificateStatus, now: number): string {
  const ends = Date.parse(notAfter ?? '');
  return Number.isNaN(ends) ? '' : `${Math.floor((ends - now) / DAY_MILLISECONDS)}d`;
}

export const printer: TablePrinter<TLSCertificate> = {
  columns: [
    nameColumn,
    column('Names', 'The names the certificate is for.'),
    column('Ends In', 'Days until it ends.'),
    column('Problem', 'Why it cannot be used, as far as it tells.'),
    ageColumn,
    wide('Issuer', 'Who has signed it.'),
    wide('Key Fits', 'Whether the key in the Secret is its own.'),
  ],
  row: (object, now) => {
    const status: TLSCertificateStatus = (object as Partial<TLSCertificate>).status ?? {};
    const { names = [], problem = '', issuer = '', keyFits } = status;
    const told = [nameOf(object), names.join(','), remaining(status, now), problem, ageOf(object, now)];
    return [...told, issuer, keyFits === undefined ? '' : String(keyFits)];
  },
};

import { X509Certificate } from 'node:crypto';
import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { parseTime } from '@binnacle/machinery-meta';

const HOUR = 3_600_000;
/** What was decided is kept for an hour, what is waited for, for a day. */
const DECIDED = HOUR;
const PENDING = 24 * HOUR;

/** When a certificate ends; undefined for what is none. Milliseconds since the epoch. */
function endOf(certificate: string): number | undefined {
  try {
    return Date.parse(new X509Certificate(Buffer.from(certificate, 'base64')).validTo);
  } catch {
    return undefined;
  }
}

const after = (time: string | undefined, milliseconds: number): number[] => {
  const at = parseTime(time);
  return at === undefined ? [] : [at + milliseconds];
};

/** When a request has served its turn; undefined while that cannot be told. Behaves as kubernetes certificates/cleaner. */
export function expiresAt({ metadata, status }: CertificateSigningRequest): number | undefined {
  const { conditions = [], certificate = '' } = status ?? {};
  const times = conditions.flatMap(({ type, lastUpdateTime }) => {
    if (type === 'Denied' || type === 'Failed') return after(lastUpdateTime, DECIDED);
    if (type !== 'Approved') return [];
    if (certificate === '') return after(lastUpdateTime, PENDING);
    return [...after(lastUpdateTime, DECIDED), ...[endOf(certificate) ?? []].flat()];
  });
  if (conditions.length === 0) times.push(...after(metadata.creationTimestamp, PENDING));
  return times.length > 0 ? Math.min(...times) : undefined;
}

import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { plainFact } from '../objects/fact-lines.js';
import { conditionsOf } from '../view/conditions.js';
import { as, type KindView, type ObjectStatus } from '../view/kind-view.js';

/** In the order kubectl takes its conditions. */
function requestStatus(object: UnstructuredObject): ObjectStatus {
  const { status } = as<CertificateSigningRequest>(object);
  const types = conditionsOf(object).map(({ type }) => type);
  if (types.includes('Denied')) return { tone: 'error', label: 'Denied' };
  if (types.includes('Failed')) return { tone: 'error', label: 'Failed' };
  if (!types.includes('Approved')) return { tone: 'progress', label: 'Pending' };
  return status?.certificate ? { tone: 'ok', label: 'Approved,Issued' } : { tone: 'progress', label: 'Approved' };
}

/** The server prints its columns. */
export const signingRequestView: KindView = {
  status: requestStatus,
  facts: (object, t) => {
    const { spec, status } = as<CertificateSigningRequest>(object) as Partial<CertificateSigningRequest>;
    return [
      ...plainFact(t('spec.usages'), spec?.usages?.join(', ')),
      ...plainFact(t('spec.issued'), status?.certificate ? t('spec.yes') : t('spec.no')),
    ];
  },
};

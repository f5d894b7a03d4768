import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, allVerbs, statusSubresource } from '@binnacle/apis-registry';
import type { CertificateSigningRequest } from '../index.js';
import { EXAMPLE_REQUEST } from './example.js';
import { prepareApproval, prepareRequest, prepareRequestStatus, prepareRequestUpdate } from './prepare.js';
import { printer } from './printer.js';
import { validateApproval, validateRequestStatusUpdate, validateRequestUpdate } from './update-validation.js';
import { validateRequest } from './validation.js';

export const certificateSigningRequests = defineResource<CertificateSigningRequest>({
  ...addressOf(refs.certificatesigningrequests, ['csr']),
  priority,
  verbs: allVerbs,
  subresources: [statusSubresource, { ...statusSubresource, name: 'approval' }],
  schema: 'io.k8s.api.certificates.v1.CertificateSigningRequest',
  example: { spec: { request: EXAMPLE_REQUEST, signerName: 'example.com/signer', usages: ['client auth'] } },
  strategy: {
    resetFields: {
      '': [['spec'], ['status']],
      status: [['spec'], ['status', 'conditions']],
      approval: [['spec'], ['status', 'certificate']],
    },
    prepareForCreate: prepareRequest,
    prepareForUpdate: prepareRequestUpdate,
    prepareForStatusUpdate: prepareRequestStatus,
    validate: validateRequest,
    validateUpdate: validateRequestUpdate,
    validateStatusUpdate: validateRequestStatusUpdate,
    parts: { approval: { prepareForUpdate: prepareApproval, validateUpdate: validateApproval } },
    allowUnconditionalUpdate: true,
  },
  printer,
  fields: { 'spec.signerName': ({ spec }) => spec?.signerName ?? '' },
});

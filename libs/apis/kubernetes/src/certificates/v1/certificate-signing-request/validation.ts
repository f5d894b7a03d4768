import {
  type FieldError,
  fieldPath,
  invalid,
  nameIsPathSegment,
  notSupported,
  required,
} from '@binnacle/machinery-validation';
import { each, optional, repeated, validateMeta, validateSupported } from '@binnacle/apis-registry';
import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
  CertificateSigningRequestSpec,
} from '../index.js';
import { certificateFault, requestFault } from './request.js';
import { validateSignerName } from './signer-name.js';

const SPEC = fieldPath('spec');
const CONDITIONS = fieldPath('status', 'conditions');
const MIN_SECONDS = 600;
const LEGACY_SIGNER = 'kubernetes.io/legacy-unknown';

const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
];

function validateUsages({ usages = [] }: Partial<CertificateSigningRequestSpec>): FieldError[] {
  const path = SPEC.child('usages');
  return [
    ...(usages.length > 0 ? [] : [required(path)]),
    ...each(usages, path, (usage, at) => validateSupported(usage, at, USAGES)),
    ...repeated(usages, path),
  ];
}

function validateSigner({ signerName }: Partial<CertificateSigningRequestSpec>): FieldError[] {
  const path = SPEC.child('signerName');
  if (signerName !== LEGACY_SIGNER) return validateSignerName(signerName, path);
  return [invalid(path, signerName, 'the legacy signerName is not allowed via this API version')];
}

function validateSpec(spec: Partial<CertificateSigningRequestSpec>): FieldError[] {
  const { request = '', expirationSeconds } = spec;
  const fault = requestFault(request);
  return [
    ...(fault ? [invalid(SPEC.child('request'), request, fault)] : []),
    ...validateUsages(spec),
    ...validateSigner(spec),
    ...optional(expirationSeconds, SPEC.child('expirationSeconds'), (seconds, at) =>
      seconds < MIN_SECONDS
        ? [invalid(at, seconds, 'may not specify a duration less than 600 seconds (10 minutes)')]
        : [],
    ),
  ];
}

const ONLY_TRUE = ['Approved', 'Denied', 'Failed'];

function statusesOf(type: string): string[] {
  return ONLY_TRUE.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
}

function validateConditions(conditions: readonly CertificateSigningRequestCondition[] = []): FieldError[] {
  const seen = new Set<string>();
  return each(conditions, CONDITIONS, ({ type = '', status = '' }, at) => {
    const errors = type ? [] : [required(at.child('type'))];
    const statuses = statusesOf(type);
    if (!status) errors.push(required(at.child('status')));
    else if (!statuses.includes(status)) errors.push(notSupported(at.child('status'), status, statuses));
    if ((type === 'Approved' && seen.has('Denied')) || (type === 'Denied' && seen.has('Approved')))
      errors.push(invalid(CONDITIONS, type, 'Approved and Denied conditions are mutually exclusive'));
    seen.add(type);
    return errors;
  });
}

/** Behaves as kubernetes pkg/apis/certificates/validation validateCertificateSigningRequest. */
export function validateRequest(request: CertificateSigningRequest): FieldError[] {
  const { conditions, certificate } = request.status ?? {};
  const fault = certificateFault(certificate);
  return [
    ...validateMeta(request, false, nameIsPathSegment),
    ...validateSpec(request.spec ?? {}),
    ...validateConditions(conditions),
    ...repeated(conditions, CONDITIONS, ({ type }) => type, 'type'),
    ...(fault ? [invalid(fieldPath('status', 'certificate'), '<certificate data>', fault)] : []),
  ];
}

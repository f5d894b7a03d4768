import { quote } from '@binnacle/machinery-meta';
import { type FieldError, fieldPath, forbidden, semanticEqual } from '@binnacle/machinery-validation';
import type { CertificateSigningRequest, CertificateSigningRequestCondition } from '../index.js';
import { validateRequest } from './validation.js';

type Request = CertificateSigningRequest;

const CONDITIONS = fieldPath('status', 'conditions');
const CERTIFICATE = fieldPath('status', 'certificate');
const APPROVAL = ['Approved', 'Denied'];
const FINAL = [...APPROVAL, 'Failed'];

const ofType = ({ status }: Request, type: string): CertificateSigningRequestCondition[] =>
  (status?.conditions ?? []).filter((condition) => condition.type === type);

function validateKept(next: Request, old: Request): FieldError[] {
  return FINAL.filter((type) => ofType(next, type).length < ofType(old, type).length).map((type) =>
    forbidden(CONDITIONS, `updates may not remove a condition of type ${quote(type)}`),
  );
}

function validateSameApproval(next: Request, old: Request): FieldError[] {
  return APPROVAL.flatMap((type) => {
    const [after, before] = [ofType(next, type), ofType(old, type)];
    if (after.length < before.length || semanticEqual(after, before)) return [];
    const verb = after.length > before.length ? 'add' : 'modify';
    return [forbidden(CONDITIONS, `updates may not ${verb} a condition of type ${quote(type)}`)];
  });
}

const certificateOf = ({ status }: Request): string => status?.certificate ?? '';

function validateSameCertificate(next: Request, old: Request): FieldError[] {
  if (certificateOf(next) === certificateOf(old)) return [];
  return [forbidden(CERTIFICATE, 'updates may not set certificate content')];
}

/** A certificate is set once. */
function validateFirstCertificate(next: Request, old: Request): FieldError[] {
  if (certificateOf(old) === '' || certificateOf(next) === certificateOf(old)) return [];
  return [forbidden(CERTIFICATE, 'updates may not modify existing certificate content')];
}

/** Behaves as kubernetes validateCertificateSigningRequestUpdate; what a request is judged by anyway is not said here. */
export function validateRequestUpdate(next: Request, old: Request): FieldError[] {
  return [...validateKept(next, old), ...validateSameApproval(next, old), ...validateSameCertificate(next, old)];
}

export function validateRequestStatusUpdate(next: Request, old: Request): FieldError[] {
  return [
    ...validateRequest(next),
    ...validateKept(next, old),
    ...validateSameApproval(next, old),
    ...validateFirstCertificate(next, old),
  ];
}

export function validateApproval(next: Request, old: Request): FieldError[] {
  return [...validateRequest(next), ...validateKept(next, old), ...validateSameCertificate(next, old)];
}

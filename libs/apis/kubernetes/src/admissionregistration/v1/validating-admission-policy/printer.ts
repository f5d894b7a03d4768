import type { ValidatingAdmissionPolicy } from '../index.js';
import { policyPrinter } from '../policy-printer.js';

export const printer = policyPrinter<ValidatingAdmissionPolicy>(
  'Validations',
  ({ spec }) => spec?.validations?.length ?? 0,
);

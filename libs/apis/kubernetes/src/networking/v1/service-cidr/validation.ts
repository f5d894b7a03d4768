import {
  FIELD_IMMUTABLE,
  type FieldError,
  fieldPath,
  invalid,
  invalidEach,
  isCanonicalCidr,
  parseCidr,
  required,
} from '@binnacle/machinery-validation';
import { each, validateFinalizers, validateMeta } from '@binnacle/apis-registry';
import type { ServiceCIDR } from '../index.js';

const CIDRS = fieldPath('spec', 'cidrs');
const MOST = 2;

/** One of each family at most. */
function validateCidrs(cidrs: readonly string[]): FieldError[] {
  if (cidrs.length === 0) return [required(CIDRS, 'at least one CIDR required')];
  // As upstream prints its own structure, which has no JSON names.
  if (cidrs.length > MOST) return [invalid(CIDRS, { CIDRs: cidrs }, 'may only hold up to 2 values')];
  const errors = each(cidrs, CIDRS, (cidr, at) => invalidEach(at, cidr, isCanonicalCidr(cidr)));
  const [one, other] = cidrs.map((cidr) => parseCidr(cidr)?.address.length);
  if (one === undefined || one !== other) return errors;
  const why = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64';
  return [...errors, invalid(CIDRS, cidrs, why)];
}

/** Behaves as kubernetes ValidateServiceCIDR. */
export function validateNewServiceCidr(range: ServiceCIDR): FieldError[] {
  return [...validateMeta(range, false), ...validateCidrs(range.spec?.cidrs ?? [])];
}

/** What is there stays; a second family can be added. */
function validateCidrsUpdate(cidrs: readonly string[], before: readonly string[]): FieldError[] {
  const grows = before.length === 1 && cidrs.length === MOST;
  if (cidrs.length !== before.length && !grows) return [invalid(CIDRS, cidrs, FIELD_IMMUTABLE)];
  const changed = before.flatMap((cidr, index) =>
    cidrs[index] === cidr ? [] : [invalid(CIDRS.index(index), cidrs[index], FIELD_IMMUTABLE)],
  );
  return grows ? [...changed, ...validateCidrs(cidrs)] : changed;
}

export function validateServiceCidrUpdate({ metadata, spec: next }: ServiceCIDR, old: ServiceCIDR): FieldError[] {
  return [...validateFinalizers(metadata), ...validateCidrsUpdate(next?.cidrs ?? [], old.spec?.cidrs ?? [])];
}

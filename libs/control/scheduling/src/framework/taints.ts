import type { Taint, Toleration } from '@binnacle/apis-kubernetes/core/v1';

const INTEGER = /^(0|[1-9][0-9]*|-[1-9][0-9]*)$/;

function valueTolerated(toleration: Toleration, taint: Taint): boolean {
  const [wanted, value] = [toleration.value ?? '', taint.value ?? ''];
  switch (toleration.operator ?? 'Equal') {
    case '':
    case 'Equal':
      return wanted === value;
    case 'Exists':
      return true;
    case 'Gt':
      return INTEGER.test(wanted) && INTEGER.test(value) && BigInt(value) > BigInt(wanted);
    case 'Lt':
      return INTEGER.test(wanted) && INTEGER.test(value) && BigInt(value) < BigInt(wanted);
    default:
      return false;
  }
}

function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  // No key with Exists tolerates every taint.
  if (toleration.key && toleration.key !== taint.key) return false;
  return valueTolerated(toleration, taint);
}

export function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return tolerations.some((toleration) => tolerates(toleration, taint));
}

/** As upstream prints a taint: `{key: value}`. */
export function describeTaint({ key, value }: Taint): string {
  return `{${key}: ${value ?? ''}}`;
}

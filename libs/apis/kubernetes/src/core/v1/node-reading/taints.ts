import type { Taint, Toleration } from '../index.js';

const INTEGER = /^(0|[1-9][0-9]*|-[1-9][0-9]*)$/;

/** Whether the taint's number is above the tolerated one; undefined where one of them is no number. */
function isAbove(taint: string, tolerated: string): boolean | undefined {
  if (!INTEGER.test(taint) || !INTEGER.test(tolerated)) return undefined;
  return BigInt(taint) > BigInt(tolerated);
}

function valueTolerated(operator: string, tolerated: string, taint: string): boolean {
  switch (operator) {
    case '':
    case 'Equal':
      return tolerated === taint;
    case 'Exists':
      return true;
    case 'Gt':
      return isAbove(taint, tolerated) === true;
    case 'Lt':
      return isAbove(tolerated, taint) === true;
    default:
      return false;
  }
}

function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  // No key with Exists tolerates every taint.
  if (toleration.key && toleration.key !== taint.key) return false;
  return valueTolerated(toleration.operator ?? '', toleration.value ?? '', taint.value ?? '');
}

export function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  return tolerations.some((toleration) => tolerates(toleration, taint));
}

/** As upstream prints a taint: `{key: value}`. */
export function describeTaint({ key, value }: Taint): string {
  return `{${key}: ${value ?? ''}}`;
}

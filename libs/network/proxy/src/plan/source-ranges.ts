import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { parseCidr } from '@binnacle/machinery-validation';
import type { Family } from './addresses.js';

/**
 * Whom a load balancer lets in, in one family; empty for everybody, also where one range holds all. Spaces around a range are
 * valid. Behaves as kubernetes pkg/proxy/serviceport.go newBaseServiceInfo.
 */
export function sourceRangesOf({ spec }: Service, family: Family): string[] {
  const length = family === 'IPv6' ? 16 : 4;
  const ranges = (spec?.loadBalancerSourceRanges ?? []).map((text) => text.trim());
  const ofFamily = ranges.filter((text) => parseCidr(text)?.address.length === length);
  return ofFamily.some((text) => text.endsWith('/0')) ? [] : ofFamily;
}

import { isQualifiedName } from '@binnacle/machinery-validation';

const HUGE_PAGES = 'hugepages-';
const QUOTA_PREFIX = 'requests.';

const CONTAINER = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Counted in whole numbers. */
const OBJECT_COUNTS = new Set([
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

const STANDARD = new Set([
  ...CONTAINER,
  ...OBJECT_COUNTS,
  'storage',
  'requests.cpu',
  'requests.memory',
  'requests.ephemeral-storage',
  'requests.storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
]);

// Behaves as kubernetes pkg/apis/core/helper: what a resource name may stand for.

export const isHugePage = (name: string): boolean => name.startsWith(HUGE_PAGES);
export const isContainerResource = (name: string): boolean => CONTAINER.has(name) || isHugePage(name);
export const isStandard = (name: string): boolean =>
  STANDARD.has(name) || isHugePage(name) || name.startsWith(`${QUOTA_PREFIX}${HUGE_PAGES}`);
/** What a ResourceQuota may count or sum up of what Kubernetes itself knows. */
export const isStandardOfQuota = (name: string): boolean => name !== 'storage' && isStandard(name);
export const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
export const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith(QUOTA_PREFIX) && isQualifiedName(`${QUOTA_PREFIX}${name}`).length === 0;
export const isWhole = (name: string): boolean => OBJECT_COUNTS.has(name) || isExtended(name);
/** Whether requests may be lower than limits. */
export const canOvercommit = (name: string): boolean => isNative(name) && !isHugePage(name);

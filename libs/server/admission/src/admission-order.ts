/**
 * The rules of admission in upstream's order, by the names flags know them by. What is not built yet has its place all the same.
 * Behaves as kubernetes pkg/kubeapiserver/options AllOrderedPlugins; `DeviceAdminAccess` is ours, and upstream's registry's.
 */
export const ADMISSION_ORDER = [
  'NamespaceLifecycle',
  'LimitRanger',
  'ServiceAccount',
  'NodeRestriction',
  'TaintNodesByCondition',
  'PodSecurity',
  'Priority',
  'DefaultTolerationSeconds',
  'DefaultStorageClass',
  'StorageObjectInUseProtection',
  'PersistentVolumeClaimResize',
  'RuntimeClass',
  'CertificateApproval',
  'CertificateSigning',
  'CertificateSubjectRestriction',
  'DefaultIngressClass',
  'PodTopologyLabels',
  'PodResizeValidator',
  'DeviceAdminAccess',
  'MutatingAdmissionPolicy',
  'MutatingAdmissionWebhook',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionWebhook',
  'ResourceQuota',
] as const;

export type AdmissionName = (typeof ADMISSION_ORDER)[number];

export const isAdmissionName = (name: string): name is AdmissionName =>
  (ADMISSION_ORDER as readonly string[]).includes(name);

/** Brings rules into their order. Throws for one that has no place. */
export function inOrder<T extends { readonly name: string }>(plugins: readonly T[]): T[] {
  const placeOf = ({ name }: T): number => {
    if (!isAdmissionName(name)) throw new Error(`the admission rule ${name} has no place`);
    return ADMISSION_ORDER.indexOf(name);
  };
  return plugins
    .map((plugin) => ({ plugin, place: placeOf(plugin) }))
    .sort((a, b) => a.place - b.place)
    .map(({ plugin }) => plugin);
}

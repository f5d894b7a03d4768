/** How `volumesAttached` and `volumesInUse` of a Node name a volume of a CSI driver. */
export const uniqueVolumeName = (driver: string, handle: string): string => `kubernetes.io/csi/${driver}^${handle}`;

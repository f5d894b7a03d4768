import { createHash } from 'node:crypto';
import type { PersistentVolume } from '@binnacle/apis-kubernetes/core/v1';
import { type CSIDriver, uniqueVolumeName } from '@binnacle/apis-kubernetes/storage/v1';

/** A volume that is attached to a node before it can be mounted there. */
export interface AttachableVolume {
  /** Of the PersistentVolume. */
  readonly name: string;
  /** As Nodes name it in their status. */
  readonly uniqueName: string;
  readonly driver: string;
  readonly handle: string;
  /** One node at a time may have it. */
  readonly exclusive: boolean;
}

const isShared = (mode: string) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany';

/**
 * What a volume is to nodes; undefined where it needs not be attached. A driver that says nothing of itself wants it, as
 * upstream's in-tree plugin for CSI.
 */
export function attachable(
  { metadata, spec }: PersistentVolume,
  driverNamed: (name: string) => CSIDriver | undefined,
): AttachableVolume | undefined {
  if (!spec?.csi || driverNamed(spec.csi.driver)?.spec.attachRequired === false) return undefined;
  const { driver, volumeHandle: handle } = spec.csi;
  const modes = spec.accessModes ?? [];
  const exclusive = modes.length > 0 && !modes.some(isShared);
  return { name: metadata.name ?? '', uniqueName: uniqueVolumeName(driver, handle), driver, handle, exclusive };
}

/** The name upstream gives to the attachment of a volume to a node. */
export function attachmentName({ driver, handle }: Pick<AttachableVolume, 'driver' | 'handle'>, node: string): string {
  return `csi-${createHash('sha256').update(`${handle}${driver}${node}`).digest('hex')}`;
}

const NAME = /^csi-[0-9a-f]{64}$/;

/** Attachments with other names are somebody else's. */
export const isOwnAttachment = (name: string | undefined): boolean => NAME.test(name ?? '');

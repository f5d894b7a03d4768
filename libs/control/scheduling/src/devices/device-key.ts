/** What tells one device from all others in a cluster. */
export interface DevicePlace {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
}

/** One text for a device, as upstream prints it: neither drivers nor devices have a slash in their names. */
export const deviceKey = ({ driver, pool, device }: DevicePlace): string => `${driver}/${pool}/${device}`;

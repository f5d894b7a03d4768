import { DevicePage } from '@binnacle/web-features';
import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Device · Binnacle' };

export default function DeviceRoute() {
  return <DevicePage />;
}

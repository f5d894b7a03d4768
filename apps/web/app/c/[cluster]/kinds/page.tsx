import { KindsPage } from '@binnacle/web-features';

export default function KindsRoute() {
  return <KindsPage />;
}

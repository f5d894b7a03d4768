import { OverviewPage } from '@binnacle/web-features';

export default function OverviewRoute() {
  return <OverviewPage />;
}

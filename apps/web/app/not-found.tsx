import { NotFoundPage } from '@binnacle/web-features';

export default function NotFoundRoute() {
  return <NotFoundPage />;
}

import { MAIN_CLUSTER, pages } from '@binnacle/web-data/paths';
import { redirect } from 'next/navigation';

export default function HomePage() {
  redirect(pages.overview(MAIN_CLUSTER));
}

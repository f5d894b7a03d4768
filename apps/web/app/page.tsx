import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { pages } from '@binnacle/web-data/paths';
import { redirect } from 'next/navigation';

export default function HomePage() {
  redirect(pages.overview(DEFAULT_CLUSTER));
}

import { ListPage } from '@binnacle/web-features';

export default async function ListRoute({ params }: { params: Promise<{ resource: string }> }) {
  const { resource } = await params;
  return <ListPage id={decodeURIComponent(resource)} />;
}

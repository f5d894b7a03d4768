import { DetailPage } from '@binnacle/web-features';
import { notFound } from 'next/navigation';

interface DetailRouteProps {
  readonly params: Promise<{ resource: string; key: string[] }>;
}

export default async function DetailRoute({ params }: DetailRouteProps) {
  const { resource, key } = await params;
  const [first = '', second, ...rest] = key.map(decodeURIComponent);
  if (rest.length > 0) notFound();
  const objectRef = second === undefined ? { namespace: '', name: first } : { namespace: first, name: second };
  return <DetailPage id={decodeURIComponent(resource)} objectRef={objectRef} />;
}

import { ClusterFrame } from '@binnacle/web-features';
import type { ReactNode } from 'react';

interface ClusterLayoutProps {
  readonly children: ReactNode;
  readonly params: Promise<{ cluster: string }>;
}

export default async function ClusterLayout({ params }: ClusterLayoutProps) {
  const { cluster } = await params;
  return <ClusterFrame cluster={decodeURIComponent(cluster)} />;
}

'use client';

import { readPlace, useKindsFollower } from '@binnacle/web-data';
import { usePathname } from 'next/navigation';
import { DetailPage } from '../detail/detail-page.js';
import { KindsPage } from '../list/kinds-page.js';
import { ListPage } from '../list/list-page.js';
import { OverviewPage } from '../overview/overview-page.js';
import { NoSuchPage } from './not-found-page.js';

/** The page the address names. All of them come with the first: none is asked of a server later. */
export function ClusterPages() {
  useKindsFollower();
  const place = readPlace(usePathname());
  switch (place.page) {
    case 'overview':
      return <OverviewPage />;
    case 'kinds':
      return <KindsPage />;
    case 'list':
      return <ListPage id={place.id} />;
    case 'detail':
      return <DetailPage id={place.id} objectRef={place.ref} />;
    case 'none':
      return <NoSuchPage />;
  }
}

'use client';

import { readPlace, useKindsFollower, useRightsFollower } from '@binnacle/web-data';
import { usePathname } from 'next/navigation';
import { Suspense } from 'react';
import { useTranslations } from 'next-intl';
import { SkeletonRows } from '@binnacle/web-ui';
import { MayDoPage } from '../who-can/may-do-page.js';
import { WhoCanPage } from '../who-can/who-can-page.js';
import { AccountPage } from '../account/account-page.js';
import { LateBoundary, lateComponent } from '../known/late.js';
import { DetailPage } from '../detail/detail-page.js';
import { KindsPage } from '../list/kinds-page.js';
import { ListPage } from '../list/list-page.js';
import { ReachabilityPage } from '../reachability/reachability-page.js';
import { OverviewPage } from '../overview/overview-page.js';
import { NoSuchPage } from './not-found-page.js';

const ApplyPage = lateComponent(() => import('../apply/apply-page.js').then((module) => module.ApplyPage));

/** It stands on the editor, which comes after the page. */
function LateApplyPage() {
  const t = useTranslations('app');
  return (
    <LateBoundary>
      <Suspense fallback={<SkeletonRows label={t('loading')} />}>
        <ApplyPage />
      </Suspense>
    </LateBoundary>
  );
}

/** The page the address names. All of them come with the first, or soon after it. */
export function ClusterPages() {
  useKindsFollower();
  useRightsFollower();
  const place = readPlace(usePathname());
  switch (place.page) {
    case 'overview':
      return <OverviewPage />;
    case 'kinds':
      return <KindsPage />;
    case 'apply':
      return <LateApplyPage />;
    case 'account':
      return <AccountPage />;
    case 'who-can':
      return <WhoCanPage />;
    case 'may-do':
      return <MayDoPage />;
    case 'reachability':
      return <ReachabilityPage />;
    case 'list':
      return <ListPage id={place.id} />;
    case 'detail':
      return <DetailPage id={place.id} objectRef={place.ref} />;
    case 'none':
      return <NoSuchPage />;
  }
}

'use client';

import {
  ClusterProvider,
  fetchSession,
  pages,
  UnreachableError,
  useDiscovery,
  useLiveClient,
} from '@binnacle/web-data';
import { isNotFound } from '@binnacle/machinery-meta';
import { Empty } from '@binnacle/web-ui';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import { messageOf } from '../actions/use-action.js';
import { loadPage } from '../objects/navigate.js';
import { drafts } from '../yaml/drafts.js';
import { ClusterPages } from './cluster-pages.js';
import { NoSuchCluster } from './not-found-page.js';
import { ForcedChange } from '../sign-in/forced-change.js';
import { FrontPage } from '../sign-in/front-page.js';
import { Logo } from '../sign-in/logo.js';
import { Shell } from './shell.js';

/** Leads to the sign-in page and back. */
function toSignIn(): void {
  const { pathname, search } = window.location;
  if (pathname === pages.signIn()) return;
  void loadPage(() => drafts.leave(() => window.location.assign(pages.signIn(pathname + search))));
}

function Waiting({ error }: { error: Error | null }) {
  const t = useTranslations('state');
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center">
      <Logo className="size-10 text-ink-3" />
      {error && (
        <div role="status">
          <Empty title={error instanceof UnreachableError ? t('discovery') : t('failed')} compact>
            {error instanceof UnreachableError ? t('discoveryHint') : messageOf(error)}
          </Empty>
        </div>
      )}
    </main>
  );
}

function useSession() {
  return useQuery({
    queryKey: ['session'],
    queryFn: ({ signal }) => fetchSession(signal),
    staleTime: 60_000,
    retry: (_, error) => error instanceof UnreachableError,
    retryDelay: 1_000,
  });
}

/** Lets in who is signed in, and waits for an API server that is away. */
export function ClusterFrame({ cluster }: { cluster: string }) {
  const session = useSession();
  const discovery = useDiscovery(cluster);
  const live = useLiveClient();
  // The socket is made while the kinds are asked for, not after.
  useEffect(() => live.start(), [live]);
  const refused = session.error && !(session.error instanceof UnreachableError);
  useEffect(() => {
    if (refused) toSignIn();
  }, [refused]);
  if (session.data?.mustChangePassword) {
    return (
      <FrontPage>
        <ForcedChange user={session.data.user} onDone={() => window.location.reload()} />
      </FrontPage>
    );
  }
  if (isNotFound(discovery.error)) return <NoSuchCluster name={cluster} />;
  if (!session.data || !discovery.data) {
    return <Waiting error={session.failureReason ?? discovery.failureReason} />;
  }
  return (
    <ClusterProvider cluster={cluster} resources={discovery.data}>
      <Shell session={session.data}>
        <ClusterPages />
      </Shell>
    </ClusterProvider>
  );
}

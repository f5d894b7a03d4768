'use client';

import { LiveClient, LiveProvider, sessionLost, SocketTransport } from '@binnacle/web-data';
import { Toasts, TooltipProvider, useFocusKeeper } from '@binnacle/web-ui';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { NextIntlClientProvider, useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import { ViewAsBar } from '../view-as/view-as-bar.js';
import { type Locale, MESSAGES } from '../messages/index.js';

function createLiveClient(): LiveClient {
  const timers = {
    now: () => Date.now(),
    after: (milliseconds: number, run: () => void) => {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
  };
  return new LiveClient(new SocketTransport(), timers, sessionLost);
}

function Notifications() {
  const t = useTranslations('app');
  return <Toasts closeLabel={t('close')} regionLabel={t('notifications')} />;
}

/** Lets the browser show a page of ours where one is loaded anew while nobody answers. Only some origins may have it. */
function useOfflinePage(): void {
  useEffect(() => {
    navigator.serviceWorker?.register('/offline-worker.js').catch(() => undefined);
  }, []);
}

/** What every page stands on: the language, the queries, the socket, tooltips and notices. */
export function Providers({ locale, children }: { locale: Locale; children: ReactNode }) {
  const [queries] = useState(
    () => new QueryClient({ defaultOptions: { queries: { refetchOnWindowFocus: false, retry: 1 } } }),
  );
  const [live] = useState(createLiveClient);
  useFocusKeeper();
  useOfflinePage();
  const timeZone = typeof window === 'undefined' ? 'UTC' : Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <NextIntlClientProvider
      locale={locale}
      messages={MESSAGES[locale] as (typeof MESSAGES)['en'] as never}
      timeZone={timeZone}
    >
      <QueryClientProvider client={queries}>
        <LiveProvider client={live}>
          <TooltipProvider delayDuration={350} skipDelayDuration={100}>
            <ViewAsBar />
            {children}
            <Notifications />
          </TooltipProvider>
        </LiveProvider>
      </QueryClientProvider>
    </NextIntlClientProvider>
  );
}

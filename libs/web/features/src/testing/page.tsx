import { ClusterProvider, LiveClient, LiveProvider, type LiveTransport, ResourceIndex } from '@binnacle/web-data';
import type { KubeObject } from '@binnacle/machinery-meta';
import { Toasts, TooltipProvider, useFocusKeeper } from '@binnacle/web-ui';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { configure, render, type RenderResult } from '@testing-library/react';
import { userEvent, type UserEvent } from '@testing-library/user-event';
import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import { type Locale, MESSAGES } from '../messages/index.js';
import { Address } from './address.js';
import { ObjectLine } from './object-line.js';
import { RESOURCES, type RenderOptions } from './render.js';

// On a machine that others keep busy, what takes a moment alone takes seconds.
configure({ asyncUtilTimeout: 10_000 });

export interface PageOptions extends Omit<RenderOptions, 'path' | 'search'> {
  /** Path and query. */
  readonly address?: string;
  /** What is live. */
  readonly objects?: readonly KubeObject[];
  /** Another line than one over `objects`. */
  readonly line?: LiveTransport;
}

export interface ShownPage extends RenderResult {
  readonly user: UserEvent;
  readonly line: ObjectLine;
  readonly live: LiveClient;
}

/** The time of the machine. */
export const clock = {
  now: () => Date.now(),
  after: (milliseconds: number, run: () => void) => {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
};

const fail = (error: Error) => {
  throw error;
};

function Kept({ children }: { children: ReactNode }) {
  useFocusKeeper();
  return children;
}

/** What every page stands on, as `Providers` gives it, with a line of the test's. */
export function pageFrame(live: LiveClient, locale: Locale, children: ReactNode): ReactNode {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: 0 } } });
  return (
    <Address>
      <NextIntlClientProvider locale={locale} messages={MESSAGES[locale] as never} timeZone="UTC" onError={fail}>
        <QueryClientProvider client={queries}>
          <LiveProvider client={live}>
            <TooltipProvider delayDuration={0}>
              <Kept>{children}</Kept>
              <Toasts closeLabel="Dismiss" regionLabel="Notifications" />
            </TooltipProvider>
          </LiveProvider>
        </QueryClientProvider>
      </NextIntlClientProvider>
    </Address>
  );
}

/** Shows a part of the dashboard as a browser does, with effects, events and everything live. */
export function showPage(node: ReactNode, options: PageOptions = {}): ShownPage {
  const { locale = 'en', resources = RESOURCES, cluster = 'main', address = `/c/${cluster}`, objects = [] } = options;
  window.history.replaceState(null, '', address);
  const line = options.line ?? new ObjectLine(resources, objects);
  const live = new LiveClient(line, clock, () => undefined);
  const within = (
    <ClusterProvider cluster={cluster} resources={new ResourceIndex(resources)}>
      {node}
    </ClusterProvider>
  );
  const user = userEvent.setup();
  return { user, live, line: line as ObjectLine, ...render(pageFrame(live, locale, within)) };
}

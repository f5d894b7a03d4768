import { refs } from '@binnacle/apis-kubernetes/refs';
import type { ResourceRef } from '@binnacle/machinery-meta';
import {
  ClusterProvider,
  LiveClient,
  LiveProvider,
  type LiveTransport,
  type Resource,
  resourceId,
  ResourceIndex,
} from '@binnacle/web-data';
import { TooltipProvider } from '@binnacle/web-ui';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { PathnameContext, SearchParamsContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime.js';
import { NextIntlClientProvider } from 'next-intl';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type Locale, MESSAGES } from '../messages/index.js';

export interface RenderOptions {
  readonly locale?: Locale;
  /** What follows the question mark of the page's address. */
  readonly search?: string;
  readonly path?: string;
  readonly resources?: readonly Resource[];
  readonly cluster?: string;
}

/** A line on which nothing ever comes. */
export const silentLine: LiveTransport = {
  start: () => undefined,
  subscribe: () => new Promise(() => undefined),
  followRights: () => new Promise(() => undefined),
  unsubscribe: () => undefined,
  reopen: () => undefined,
  stop: () => undefined,
};
const clock = { now: () => 0, after: () => () => undefined };

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

export function resource(id: string, kind: string, more: Partial<Resource> = {}): Resource {
  const [plural = '', ...group] = id.split('.');
  const base = { group: group.join('.'), version: 'v1', resource: plural, kind, namespaced: true };
  return { ...base, verbs: VERBS, shortNames: [], subresources: [], ...more };
}

/** What discovery tells of some kinds beyond their names. */
const MORE: Readonly<Record<string, Partial<Resource>>> = {
  pods: {
    subresources: ['attach', 'binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'status'],
    shortNames: ['po'],
  },
  nodes: { subresources: ['status'], shortNames: ['no'] },
  services: { subresources: ['status'], shortNames: ['svc'] },
  namespaces: { subresources: ['finalize', 'status'], shortNames: ['ns'] },
  configmaps: { shortNames: ['cm'] },
  replicationcontrollers: { subresources: ['scale', 'status'], shortNames: ['rc'] },
  'deployments.apps': { subresources: ['scale', 'status'], shortNames: ['deploy'] },
  'replicasets.apps': { subresources: ['scale', 'status'], shortNames: ['rs'] },
  componentstatuses: { verbs: ['get', 'list'] },
  'statefulsets.apps': { subresources: ['scale', 'status'], shortNames: ['sts'] },
  'changes.history.binnacle.dev': { verbs: ['get', 'list', 'watch'], subresources: ['blame'] },
};

function told({ plural, kind, ...ref }: ResourceRef): Resource {
  const id = ref.group ? `${plural}.${ref.group}` : plural;
  return resource(id, kind, { version: ref.version, namespaced: ref.namespaced, ...MORE[id] });
}

/** The built-in kinds, as the server tells of them: of several versions the first. */
export const RESOURCES: readonly Resource[] = Object.values<ResourceRef>(refs)
  .map(told)
  .filter((each, at, all) => all.findIndex((other) => resourceId(other) === resourceId(each)) === at);

/** A kind of those. */
export function served(id: string): Resource {
  const found = RESOURCES.find((each) => resourceId(each) === id);
  if (!found) throw new Error(`no kind ${id}`);
  return found;
}

/** The page as the server draws it first, before anything has been heard of the cluster. Throws where a message is missing. */
export function html(
  node: ReactNode,
  { locale = 'en', search = '', path = '/c/main', resources = RESOURCES, cluster = 'main' }: RenderOptions = {},
): string {
  const queries = new QueryClient();
  const live = new LiveClient(silentLine, clock, () => undefined);
  return renderToStaticMarkup(
    <PathnameContext value={path}>
      <SearchParamsContext value={new URLSearchParams(search) as never}>
        <NextIntlClientProvider
          locale={locale}
          messages={MESSAGES[locale] as never}
          timeZone="UTC"
          now={new Date(0)}
          onError={(error) => {
            throw error;
          }}
        >
          <QueryClientProvider client={queries}>
            <LiveProvider client={live}>
              <ClusterProvider cluster={cluster} resources={new ResourceIndex(resources)}>
                <TooltipProvider>{node}</TooltipProvider>
              </ClusterProvider>
            </LiveProvider>
          </QueryClientProvider>
        </NextIntlClientProvider>
      </SearchParamsContext>
    </PathnameContext>,
  );
}

/** What it says, without its marks. */
export function text(node: ReactNode, options?: RenderOptions): string {
  const plain = html(node, options).replaceAll(/<[^>]+>/g, ' ');
  return plain
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

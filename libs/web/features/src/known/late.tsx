'use client';

import { Button, Empty } from '@binnacle/web-ui';
import { CloudOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { loadPage } from '../objects/navigate.js';
import { Component, type ComponentType, lazy, type LazyExoticComponent, type ReactNode } from 'react';

const waiting = new Set<() => Promise<unknown>>();

/** A component whose code comes after the page: when it is first needed, or when the page has nothing else to do. */
export function lateComponent<P extends object>(
  load: () => Promise<ComponentType<P>>,
): LazyExoticComponent<ComponentType<P>> {
  waiting.add(load);
  return lazy(async () => ({ default: await load() }));
}

/** Fetches what is still to come, so that nothing is missing when the server cannot be reached. */
export function loadLate(): void {
  for (const load of waiting) load().catch(() => undefined);
  waiting.clear();
}

interface BoundaryProps {
  readonly children: ReactNode;
  readonly fallback: ReactNode;
}

const isNotLoaded = (error: Error): boolean => error.name === 'ChunkLoadError' || /import|chunk/i.test(error.message);

class Boundary extends Component<BoundaryProps, { readonly error: Error | undefined }> {
  override state: { readonly error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (!error) return this.props.children;
    // Any other fault is none of the network's.
    if (!isNotLoaded(error)) throw error;
    return this.props.fallback;
  }
}

/** Says so where a part of the dashboard could not be fetched, in its place and not in that of the whole page. */
export function LateBoundary({ children }: { children: ReactNode }) {
  const t = useTranslations('live');
  return (
    <Boundary
      fallback={
        <Empty icon={<CloudOff />} title={t('notLoaded')}>
          <Button className="mt-3" onClick={() => void loadPage(() => window.location.reload())}>
            {t('tryAgain')}
          </Button>
        </Empty>
      }
    >
      {children}
    </Boundary>
  );
}

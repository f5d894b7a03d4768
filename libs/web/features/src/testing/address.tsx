import { PathnameContext, SearchParamsContext } from 'next/dist/shared/lib/hooks-client-context.shared-runtime.js';
import { type ReactNode, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const tell = () => listeners.forEach((listener) => listener());

/** As Next does: whoever changes the address through the history changes what the page is told of it. */
function watchHistory(): void {
  for (const name of ['pushState', 'replaceState'] as const) {
    const write = History.prototype[name];
    window.history[name] = function (this: History, ...parts: Parameters<typeof write>) {
      write.apply(this, parts);
      tell();
    };
  }
  window.addEventListener('popstate', tell);
}

function subscribe(listener: () => void): () => void {
  if (!Object.hasOwn(window.history, 'pushState')) watchHistory();
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** What `next/navigation` tells of the address, from the address itself. */
export function Address({ children }: { children: ReactNode }) {
  const path = useSyncExternalStore(subscribe, () => window.location.pathname);
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  return (
    <PathnameContext value={path}>
      <SearchParamsContext value={new URLSearchParams(search) as never}>{children}</SearchParamsContext>
    </PathnameContext>
  );
}

import type { ReactNode } from 'react';

/** An address, an image, an id: what is compared letter by letter. */
export function Mono({ children }: { children: ReactNode }) {
  return <span className="font-mono text-xs">{children}</span>;
}

export function Quiet({ children }: { children: ReactNode }) {
  return <span className="text-ink-2">{children}</span>;
}

export function None() {
  return <span className="text-ink-3">–</span>;
}

/** Shows `children`, or a dash where there is nothing. */
export function OrNone({ children }: { children: string | number | undefined | null }) {
  return children === undefined || children === null || children === '' ? <None /> : <>{children}</>;
}

'use client';

import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { branchPoints, partsOf } from './cut-names.js';

const Branches = createContext<ReadonlyMap<string, number>>(new Map());

/** Names within are cut where they are alike: these are the ones that stand beside each other. */
export function NamesApart({ names, children }: { names: readonly string[]; children: ReactNode }) {
  const branches = useMemo(() => branchPoints(names), [names]);
  return <Branches value={branches}>{children}</Branches>;
}

/** A name that is cut, if it must be, where that takes least from it. Its whole is told on pointing by who shows it. */
export function CutName({ name }: { name: string }) {
  const { start, middle, end } = partsOf(name, useContext(Branches));
  if (!end) return <span className="truncate">{name}</span>;
  return (
    <>
      <span className={middle ? 'min-w-6 shrink-[999999] truncate' : 'truncate'}>{start}</span>
      {middle && <span className="truncate">{middle}</span>}
      <span className="shrink-0">{end}</span>
    </>
  );
}

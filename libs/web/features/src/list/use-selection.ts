'use client';

import { useSearchParams } from 'next/navigation';
import { useMemo, useState } from 'react';
import { replaceParams } from './use-list-state.js';

/** A longer selection would make an address that servers refuse to read. */
const LONGEST_ADDRESS = 1_500;

interface Selection {
  readonly selected: ReadonlySet<string>;
  setSelected(keys: ReadonlySet<string>): void;
}

/** What the address says of a selection; undefined where it is too much to say. */
export function selectionText(keys: ReadonlySet<string>): string | undefined {
  const text = [...keys].join(',');
  return text.length > LONGEST_ADDRESS ? undefined : text;
}

/** The ticked rows: in the address, so that a link shows them to somebody else; many of them only in this page. */
export function useSelection(): Selection {
  const params = useSearchParams();
  const [text, namespace] = [params.get('sel') ?? '', params.get('ns') ?? ''];
  const [many, setMany] = useState<{ readonly namespace: string; readonly keys: ReadonlySet<string> }>();
  const told = useMemo(() => new Set(text ? text.split(',') : []), [text]);
  return {
    selected: many?.namespace === namespace ? many.keys : told,
    setSelected: (keys) => {
      const tellable = selectionText(keys);
      setMany(tellable === undefined ? { namespace, keys } : undefined);
      replaceParams({ sel: tellable });
    },
  };
}

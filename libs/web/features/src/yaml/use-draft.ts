'use client';

import { useEffect, useState } from 'react';
import { type Draft, drafts } from './drafts.js';

type Change = (draft: Draft | undefined) => Draft | undefined;

/** The draft kept under `key`. While there is one, the browser asks before the page is closed. */
export function useDraft(key: string): [Draft | undefined, (change: Change) => void] {
  const [draft, setDraft] = useState(() => drafts.read(key));
  const change = (make: Change) => {
    const next = make(drafts.read(key));
    drafts.write(key, next);
    setDraft(next);
  };
  const writing = draft !== undefined;
  useEffect(() => {
    if (!writing) return;
    const ask = (event: BeforeUnloadEvent) => {
      if (!drafts.returning) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [writing]);
  return [draft, change];
}

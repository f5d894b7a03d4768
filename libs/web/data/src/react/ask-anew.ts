'use client';

import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';

/** Asks a question anew whenever what its answer follows from is another, as `state` tells. */
export function useAskAnew(queryKey: QueryKey, state: string): void {
  const client = useQueryClient();
  const known = useRef(state);
  useEffect(() => {
    if (known.current === state) return;
    known.current = state;
    void client.invalidateQueries({ queryKey });
    // The key is the same for as long as the question is.
  }, [client, state]);
}

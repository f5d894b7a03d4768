'use client';

import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useRevision } from './revision.js';

const GROUP = 'rbac.authorization.k8s.io';

/** Asks anew what follows from roles and bindings whenever one of them changes, as far as whoever looks may see them. */
export function useBindingsFollower(queryKey: QueryKey): void {
  const client = useQueryClient();
  const revisions = [
    useRevision(`clusterroles.${GROUP}`),
    useRevision(`clusterrolebindings.${GROUP}`),
    useRevision(`roles.${GROUP}`),
    useRevision(`rolebindings.${GROUP}`),
  ].join('\n');
  const known = useRef(revisions);
  useEffect(() => {
    if (known.current === revisions) return;
    known.current = revisions;
    void client.invalidateQueries({ queryKey });
    // The key is the same for as long as the question is.
  }, [client, revisions]);
}

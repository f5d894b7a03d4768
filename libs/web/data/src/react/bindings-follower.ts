'use client';

import type { QueryKey } from '@tanstack/react-query';
import { useAskAnew } from './ask-anew.js';
import { useRevision } from './revision.js';

const GROUP = 'rbac.authorization.k8s.io';

/** Asks anew what follows from roles and bindings whenever one of them changes, as far as whoever looks may see them. */
export function useBindingsFollower(queryKey: QueryKey): void {
  const revisions = [
    useRevision(`clusterroles.${GROUP}`),
    useRevision(`clusterrolebindings.${GROUP}`),
    useRevision(`roles.${GROUP}`),
    useRevision(`rolebindings.${GROUP}`),
  ];
  useAskAnew(queryKey, revisions.join('\n'));
}

'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useCluster } from './cluster.js';
import { useRevision } from './revision.js';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';
/** A definition changes several times until it is established, and is served a moment after that. */
const ASK_MILLISECONDS = [150, 1_500];
/** What is known of kinds: which there are, how the server prints them, what their fields are. */
const OF_KINDS = ['discovery', 'table', 'printed', 'schema'];

/** Asks anew what the server serves whenever a CustomResourceDefinition comes, changes or goes. */
export function useKindsFollower(): void {
  const { cluster } = useCluster();
  const client = useQueryClient();
  const revision = useRevision(DEFINITIONS);
  const known = useRef<string>(undefined);
  useEffect(() => {
    if (revision === undefined || revision === known.current) return;
    // Without any there is nothing that discovery, which was asked before, could have missed.
    const isNews = known.current !== undefined || revision !== '';
    known.current = revision;
    if (!isNews) return;
    const ask = () => {
      for (const key of OF_KINDS) void client.invalidateQueries({ queryKey: [key, cluster] });
    };
    const timers = ASK_MILLISECONDS.map((delay) => setTimeout(ask, delay));
    return () => timers.forEach(clearTimeout);
  }, [client, cluster, revision]);
}

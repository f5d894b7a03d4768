'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { UnstructuredObject } from '../resources.js';
import { useCluster } from './cluster.js';
import { useLive } from './live.js';

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io';
/** A definition changes several times until it is established, and is served a moment after that. */
const ASK_MILLISECONDS = [150, 1_500];
/** What is known of kinds: which there are, how the server prints them, what their fields are. */
const OF_KINDS = ['discovery', 'table', 'printed', 'schema'];

/** One text for the definitions as they are: it changes when one of them does. */
export function revisionOf(definitions: readonly UnstructuredObject[]): string {
  return definitions
    .map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`)
    .sort()
    .join();
}

/** Asks anew what the server serves whenever a CustomResourceDefinition comes, changes or goes. */
export function useKindsFollower(): void {
  const { cluster, resources } = useCluster();
  const client = useQueryClient();
  const definitions = resources.byId(DEFINITIONS);
  const { items, phase } = useLive(
    definitions && {
      cluster,
      group: definitions.group,
      version: definitions.version,
      resource: definitions.resource,
      metadataOnly: true,
    },
  );
  const revision = phase === 'live' ? revisionOf(items) : undefined;
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

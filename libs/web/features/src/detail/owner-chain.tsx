'use client';

import type { OwnerReference } from '@binnacle/machinery-meta';
import { getObject, useCluster, type UnstructuredObject } from '@binnacle/web-data';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { KindLink } from '../objects/links.js';

function controllerOf(object: UnstructuredObject | undefined): OwnerReference | undefined {
  const owners = object?.metadata.ownerReferences ?? [];
  return owners.find((owner) => owner.controller) ?? owners[0];
}

/** Owners do not change owners in practice: asked for once. */
function useOwner(owner: OwnerReference | undefined, namespace: string): UnstructuredObject | undefined {
  const { cluster, resources } = useCluster();
  const resource = owner && resources.byKind(owner.apiVersion, owner.kind);
  const { data } = useQuery({
    queryKey: ['owner', cluster, owner?.uid],
    enabled: resource !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) => {
      if (!resource || !owner) throw new Error('no owner to read');
      const { group, version } = resource;
      const place = resource.namespaced ? { namespace } : {};
      return getObject({ cluster, group, version, resource: resource.resource, name: owner.name, ...place }, signal);
    },
  });
  return data;
}

function Owner({ owner, namespace }: { owner: OwnerReference; namespace: string }) {
  return (
    <li className="flex min-w-0 items-center gap-1">
      <span className="truncate">
        <span className="text-ink-3">{owner.kind}/</span>
        <KindLink {...owner} namespace={namespace} />
      </span>
      <ChevronRight aria-hidden="true" className="size-3 shrink-0 text-ink-3" />
    </li>
  );
}

/** Who the object belongs to, and who that belongs to: Deployment → ReplicaSet → this Pod. */
export function OwnerChain({ object }: { object: UnstructuredObject }) {
  const t = useTranslations('detail');
  const namespace = object.metadata.namespace ?? '';
  const parent = controllerOf(object);
  const grandparent = controllerOf(useOwner(parent, namespace));
  const chain = [grandparent, parent].filter((owner) => owner !== undefined);
  if (chain.length === 0) return null;
  return (
    <ol aria-label={t('owners')} className="mb-0.5 flex flex-wrap items-center gap-x-1 text-xs text-ink-2">
      {chain.map((owner) => (
        <Owner key={owner.uid} owner={owner} namespace={namespace} />
      ))}
    </ol>
  );
}

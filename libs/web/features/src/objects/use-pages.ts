'use client';

import {
  type DetailTab,
  type ListPageState,
  type MayDoState,
  type ObjectRef,
  objectRef,
  pages,
  type ReachabilityState,
  type Resource,
  type UnstructuredObject,
  useCluster,
  type WhoCanState,
} from '@binnacle/web-data';
import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';

export interface Pages {
  overview(): string;
  kinds(): string;
  apply(): string;
  account(): string;
  whoCan(asked?: WhoCanState): string;
  mayDo(asked?: MayDoState): string;
  reachability(asked?: ReachabilityState): string;
  list(resource: Pick<Resource, 'group' | 'resource'>, state?: ListPageState): string;
  detail(resource: Pick<Resource, 'group' | 'resource'>, ref: ObjectRef, tab?: DetailTab, container?: string): string;
  /** Undefined where the server does not serve the object's kind. */
  object(object: UnstructuredObject): string | undefined;
  kindOf(apiVersion: string, kind: string, ref: ObjectRef): string | undefined;
}

/** Addresses within this cluster that keep the chosen namespace. */
export function usePages(): Pages {
  const { cluster, resources } = useCluster();
  const ns = useSearchParams().get('ns') ?? '';
  return useMemo(() => {
    const detail: Pages['detail'] = (resource, ref, tab, container) =>
      pages.detail(cluster, resource, ref, { ns, ...(tab && { tab }), ...(container && { container }) });
    const kindOf: Pages['kindOf'] = (apiVersion, kind, ref) => {
      const resource = resources.byKind(apiVersion, kind);
      return resource && detail(resource, resource.namespaced ? ref : { namespace: '', name: ref.name });
    };
    return {
      overview: () => pages.overview(cluster, { ns }),
      kinds: () => pages.kinds(cluster, { ns }),
      apply: () => pages.apply(cluster, { ns }),
      account: () => pages.account(cluster, { ns }),
      whoCan: (asked) => pages.whoCan(cluster, { ...asked, ns }),
      mayDo: (asked) => pages.mayDo(cluster, { ...asked, ns }),
      reachability: (asked) => pages.reachability(cluster, { ...asked, ns }),
      list: (resource, state) => pages.list(cluster, resource, { ns, ...state }),
      detail,
      kindOf,
      object: (object) => kindOf(object.apiVersion, object.kind, objectRef(object)),
    };
  }, [cluster, resources, ns]);
}

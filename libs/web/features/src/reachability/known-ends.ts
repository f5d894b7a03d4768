'use client';

import type { Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { type LiveView, type UnstructuredObject, useLive, useRevision } from '@binnacle/web-data';
import { useQueryOf } from '../objects/use-query-of.js';
import { as } from '../view/kind-view.js';
import type { AskedEnd, Question } from './question.js';

/** The Pods or Services that may be meant, as far as they may be seen. */
export function useKnown({ kind, namespace }: AskedEnd): LiveView {
  const query = useQueryOf(kind === 'service' ? 'services' : 'pods', { namespace });
  return useLive(kind === 'pod' || kind === 'service' ? query : undefined);
}

const namedIn = (known: readonly UnstructuredObject[], { text }: AskedEnd): UnstructuredObject | undefined =>
  known.find(({ metadata }) => metadata.name === text);

/** The ports it says it has, of that protocol. */
export function portsOf({ kind }: AskedEnd, object: UnstructuredObject | undefined, protocol: string): number[] {
  if (!object) return [];
  const isAsked = (one: { readonly protocol?: string }) => (one.protocol ?? 'TCP') === protocol;
  if (kind === 'service') return (as<Service>(object).spec?.ports ?? []).filter(isAsked).map(({ port }) => port);
  const ports = (as<Pod>(object).spec?.containers ?? []).flatMap((container) => container.ports ?? []);
  return ports.filter(isAsked).map(({ containerPort }) => containerPort);
}

/** What policies look at of an object: another text is another answer. */
function stateOf(object: UnstructuredObject | undefined): string {
  if (!object) return '';
  const { labels, uid } = object.metadata;
  const { podIP } = (object.status ?? {}) as { readonly podIP?: string };
  return JSON.stringify([uid, labels, podIP, object.kind === 'Service' && object.spec]);
}

export interface KnownEnds {
  readonly from: readonly UnstructuredObject[];
  readonly to: readonly UnstructuredObject[];
  /** Of who is asked, as it says; undefined while that is not known. */
  readonly ports: readonly number[] | undefined;
  /** Changes whenever the answer may be another. */
  readonly state: string;
}

/** What there is to choose from, and how all of that stands that the answer follows from. */
export function useKnownEnds({ from, to, protocol }: Question): KnownEnds {
  const [froms, tos] = [useKnown(from), useKnown(to)];
  const [source, target] = [namedIn(froms.items, from), namedIn(tos.items, to)];
  const revisions = [
    useRevision('networkpolicies.networking.k8s.io'),
    useRevision('namespaces'),
    useRevision('endpointslices.discovery.k8s.io', { namespace: to.namespace }),
  ];
  const state = [stateOf(source), stateOf(target), ...revisions].join('\n');
  const ports = tos.phase === 'loading' ? undefined : portsOf(to, target, protocol);
  return { from: froms.items, to: tos.items, ports, state };
}

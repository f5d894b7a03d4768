'use client';

import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '@binnacle/apis-kubernetes/networking/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import type { Translate } from '../messages/index.js';
import { plainFact } from '../objects/fact-lines.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { Mono } from '../objects/text.js';
import { namespaceReachability } from '../reach/reachability-fact.js';
import { as, type KindView, type PanelProps, type RelatedObjects } from '../view/kind-view.js';
import { selectorText } from '../workloads/selectors.js';

/** `pods app=web in namespaces env=prod`, `10.0.0.0/8 but 10.1.0.0/16`. */
export function peerText({ ipBlock, namespaceSelector, podSelector }: NetworkPolicyPeer): string {
  if (ipBlock) return [ipBlock.cidr, ...(ipBlock.except?.length ? [`but ${ipBlock.except.join(', ')}`] : [])].join(' ');
  const pods = podSelector && `pods ${selectorText(podSelector) || '*'}`;
  const namespaces = namespaceSelector && `namespaces ${selectorText(namespaceSelector) || '*'}`;
  return [pods, namespaces].filter(Boolean).join(' in ');
}

export function portRange({ port = '*', endPort, protocol = 'TCP' }: NetworkPolicyPort): string {
  return `${port}${endPort ? `-${endPort}` : ''}/${protocol}`;
}

function List({ texts, all }: { texts: readonly string[]; all: string }) {
  if (texts.length === 0) return all;
  return texts.map((text) => (
    <p key={text} className="break-words">
      <Mono>{text}</Mono>
    </p>
  ));
}

interface Rule {
  readonly peers?: readonly NetworkPolicyPeer[];
  readonly ports?: readonly NetworkPolicyPort[];
}

function rulesOf({ spec }: NetworkPolicy): { inbound: readonly Rule[]; outbound: readonly Rule[] } {
  const withPeers = (ports: Rule['ports'], peers: Rule['peers']): Rule => ({
    ...(ports && { ports }),
    ...(peers && { peers }),
  });
  return {
    inbound: (spec?.ingress ?? []).map(({ from, ports }) => withPeers(ports, from)),
    outbound: (spec?.egress ?? []).map(({ to, ports }) => withPeers(ports, to)),
  };
}

/** What is let through, either way; a direction that is isolated and has no rule lets nothing. */
function Rules({ object }: PanelProps) {
  const t = useTranslations('spec');
  const policy = as<NetworkPolicy>(object);
  const rules = rulesOf(policy);
  const types = policy.spec?.policyTypes ?? ['Ingress'];
  const rowsOf = (direction: 'inbound' | 'outbound', type: string) => {
    if (!types.includes(type)) return [];
    if (rules[direction].length === 0) return [[t(direction), t('isolated'), '']];
    return rules[direction].map(({ peers = [], ports = [] }) => [
      t(direction),
      <List key="peers" texts={peers.map(peerText)} all={t('anyPeer')} />,
      <List key="ports" texts={ports.map(portRange)} all={t('anyPort')} />,
    ]);
  };
  const rows = [...rowsOf('inbound', 'Ingress'), ...rowsOf('outbound', 'Egress')];
  const head = [t('direction'), t('peers'), t('ports')];
  return <RowsPanel title={t('rules')} head={head} rows={rows} none={t('noRules')} />;
}

/** The Pods it is for. */
function related(object: UnstructuredObject, t: Translate): RelatedObjects[] {
  const { metadata, spec } = as<NetworkPolicy>(object);
  const labelSelector = selectorText(spec?.podSelector);
  const narrow = { namespace: metadata.namespace ?? '', ...(labelSelector && { labelSelector }) };
  return [{ title: t('detail.pods'), resource: 'pods', ...narrow, empty: t('detail.noPods') }];
}

/** The server prints its columns. */
export const networkPolicyView: KindView = {
  facts: (object, t) => {
    const { spec } = as<NetworkPolicy>(object);
    return [
      {
        column: 'Pod-Selector',
        label: t('columns.selector'),
        value: selectorText(spec?.podSelector) || t('spec.allPods'),
      },
      ...plainFact(t('spec.policyTypes'), spec?.policyTypes?.join(', ')),
      namespaceReachability(t, object.metadata.namespace ?? ''),
    ];
  },
  panels: [Rules],
  related,
};

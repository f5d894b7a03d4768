'use client';

import type { Ingress } from '@binnacle/apis-kubernetes/networking/v1';
import type { Lane } from '@binnacle/apis-request-path';
import { as, type PanelProps } from '../view/kind-view.js';
import { PathPanel } from './path-panel.js';
import { useIngressLanes } from './use-ingress-lanes.js';

const nameOf = ({ stages }: Lane): string => stages[0]?.stops[0]?.text ?? '';

/** How requests come through an Ingress, and where they do not. */
export function IngressPath({ object, around }: PanelProps) {
  const { lanes, knowledge } = useIngressLanes(as<Ingress>(object), around.now);
  return <PathPanel lanes={lanes} knowledge={knowledge} nameOf={nameOf} />;
}

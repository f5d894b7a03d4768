'use client';

import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { type Lane, serviceLanes } from '@binnacle/apis-request-path';
import { useMemo } from 'react';
import { as, type PanelProps } from '../view/kind-view.js';
import { countsOf } from './counts.js';
import { PathPanel } from './path-panel.js';
import { TryIt } from './try-it.js';
import { useAroundService } from './use-around.js';
import { useServiceTraffic } from './use-traffic.js';

/** `http 80/TCP`, or the name where it has no ports. */
function nameOf({ stages }: Lane): string {
  const [stop] = stages.find(({ kind }) => kind === 'port')?.stops ?? stages[0]?.stops ?? [];
  return stop ? [stop.kind === 'port' && stop.more, stop.text].filter(Boolean).join(' ') : '';
}

/** Its own address is asked, over TCP. */
function triedPort({ spec }: Service, { id }: Lane): number | undefined {
  if (!spec?.clusterIP || spec.clusterIP === 'None') return undefined;
  return spec.ports?.find(({ port, protocol = 'TCP' }) => protocol === 'TCP' && `${port}/TCP` === id)?.port;
}

/** How requests come to what is behind a Service, and where they do not. */
export function ServicePath({ object }: PanelProps) {
  const service = as<Service>(object);
  const { around, knowledge } = useAroundService(service);
  const { pods, near, slices, policies } = around;
  // Of each list there is another object whenever it has changed.
  const lanes = useMemo(() => serviceLanes({ service, ...around }), [service, pods, near, slices, policies]);
  const traffic = useServiceTraffic(service);
  const below = (lane: Lane) => {
    const port = triedPort(service, lane);
    return port === undefined ? null : <TryIt service={service} port={port} />;
  };
  return (
    <PathPanel
      lanes={lanes}
      knowledge={knowledge}
      nameOf={nameOf}
      below={below}
      countsOf={({ id }) => countsOf(service, id, traffic)}
    />
  );
}

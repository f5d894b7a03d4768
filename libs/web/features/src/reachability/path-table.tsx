'use client';

import type { ReachabilityPath, ReachabilityReviewStatus } from '@binnacle/apis-kubernetes/reachability/v1';
import { Panel } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { KindLink } from '../objects/links.js';
import { RowsTable } from '../objects/rows-panel.js';
import { Mono } from '../objects/text.js';
import { SidePolicies, useBecause, Verdict } from './side-panel.js';

function Endpoint({ path: { namespace, pod, ip } }: { path: ReachabilityPath }) {
  return (
    <>
      {pod && (
        <p>
          <KindLink apiVersion="v1" kind="Pod" namespace={namespace} name={pod} />
        </p>
      )}
      <Mono>{ip}</Mono>
    </>
  );
}

interface CellProps {
  readonly path: ReachabilityPath;
  readonly direction: 'egress' | 'ingress';
  readonly namespace: string;
}

function SideCell({ path, direction, namespace }: CellProps) {
  const because = useBecause();
  const side = path[direction];
  return (
    <div className="min-w-40">
      <Verdict allowed={side.allowed} />
      <p className="text-xs text-ink-3">{because(side)}</p>
      <SidePolicies direction={direction} side={side} namespace={namespace} />
    </div>
  );
}

/** Where a connection to a Service may end, each with what both ends say. */
export function PathTable({ status, namespace }: { status: ReachabilityReviewStatus; namespace: string }) {
  const t = useTranslations('reachability');
  const rows = status.paths.map((path) => [
    <Endpoint key="endpoint" path={path} />,
    <Mono key="port">{path.port}</Mono>,
    <SideCell key="egress" path={path} direction="egress" namespace={namespace} />,
    <SideCell key="ingress" path={path} direction="ingress" namespace={path.namespace ?? ''} />,
  ]);
  const head = [t('endpoint'), t('port'), t('leaving'), t('entering')];
  return (
    <>
      <Panel title={t('paths')} count={status.paths.length} flush>
        <RowsTable title={t('paths')} head={head} rows={rows} />
      </Panel>
      {status.incomplete && <p className="text-xs text-ink-3">{t('incomplete')}</p>}
    </>
  );
}

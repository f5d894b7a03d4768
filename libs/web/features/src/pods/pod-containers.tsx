'use client';

import type { Container, ContainerStateTerminated, ContainerStatus, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { objectRef, type UnstructuredObject, useCluster } from '@binnacle/web-data';
import { buttonClass, cx, Panel, Status, type Tone } from '@binnacle/web-ui';
import { ScrollText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { Age } from '../objects/age.js';
import { Mono } from '../objects/text.js';
import { usePages } from '../objects/use-pages.js';

interface ContainerSight {
  readonly tone: Tone;
  readonly label: string;
  readonly since?: string | undefined;
}

function endedSight({ exitCode, reason, finishedAt }: ContainerStateTerminated): ContainerSight {
  return { tone: exitCode === 0 ? 'idle' : 'error', label: reason ?? `ExitCode:${exitCode}`, since: finishedAt };
}

function sightOf(status: ContainerStatus | undefined): ContainerSight {
  const { running, terminated, waiting } = status?.state ?? {};
  if (running) return { tone: status?.ready ? 'ok' : 'warn', label: 'Running', since: running.startedAt };
  if (terminated) return endedSight(terminated);
  const label = waiting?.reason ?? 'Waiting';
  return { tone: /BackOff|Err|Invalid/.test(label) ? 'error' : 'progress', label };
}

/** What runs on a node that has fallen silent is not known to run. */
function lostSight(sight: ContainerSight): ContainerSight {
  return sight.tone === 'idle' ? sight : { ...sight, tone: 'warn', label: `${sight.label},NodeLost` };
}

function LastExit({ status }: { status: ContainerStatus }) {
  const t = useTranslations('detail');
  const ended = status.lastState?.terminated;
  if (!ended) return null;
  return (
    <p className="text-xs text-ink-3">
      {t('lastExit', { reason: ended.reason ?? '–' })}, {t('exitCode', { code: String(ended.exitCode) })},{' '}
      <Age time={ended.finishedAt} />
    </p>
  );
}

/** The way to a container's log, where the server hands logs out. */
function LogsLink({ pod, container }: { pod: UnstructuredObject; container: string }) {
  const t = useTranslations('detail');
  const pages = usePages();
  const { resources } = useCluster();
  const resource = resources.byId('pods');
  if (!resource?.subresources.includes('log')) return null;
  return (
    <Link
      href={pages.detail(resource, objectRef(pod), 'logs', container)}
      aria-label={t('showLogs', { container })}
      className={cx(buttonClass('ghost'), 'h-7')}
    >
      <ScrollText className="size-4" aria-hidden="true" />
      {t('logs')}
    </Link>
  );
}

function ContainerRow(props: {
  pod: UnstructuredObject;
  container: Container;
  status: ContainerStatus | undefined;
  lost: boolean;
}) {
  const { container, status } = props;
  const t = useTranslations();
  const sight = props.lost ? lostSight(sightOf(status)) : sightOf(status);
  const ports = container.ports?.map(({ containerPort, protocol = 'TCP' }) => `${containerPort}/${protocol}`);
  const restarts = status?.restartCount ?? 0;
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-6 gap-y-1 border-b border-line/60 px-4 py-2.5 last:border-0 md:grid-cols-[minmax(0,1fr)_13rem_5rem_auto]">
      <div className="min-w-0">
        <p className="font-medium">{container.name}</p>
        <p className="break-all text-ink-3">
          <Mono>{container.image}</Mono>
        </p>
      </div>
      <div className="min-w-0 max-md:order-1">
        <Status tone={sight.tone}>{sight.label}</Status>
        {sight.since && (
          <span className="ml-1.5 text-xs text-ink-3">
            <Age time={sight.since} />
          </span>
        )}
        {restarts > 0 && (
          <p className="text-xs text-ink-3">
            {t('columns.restarts')}: {restarts}
          </p>
        )}
        {status && <LastExit status={status} />}
      </div>
      <div className="text-ink-2 max-md:order-1 max-md:text-right">
        {ports?.map((port) => (
          <p key={port}>
            <Mono>{port}</Mono>
          </p>
        ))}
      </div>
      <LogsLink pod={props.pod} container={container.name} />
    </li>
  );
}

function ContainerList(props: {
  title: string;
  pod: UnstructuredObject;
  containers: readonly Container[];
  statuses: readonly ContainerStatus[];
  lost: boolean;
}) {
  if (props.containers.length === 0) return null;
  return (
    <Panel title={props.title} count={props.containers.length} flush>
      <ul>
        {props.containers.map((container) => (
          <ContainerRow
            key={container.name}
            pod={props.pod}
            container={container}
            lost={props.lost}
            status={props.statuses.find(({ name }) => name === container.name)}
          />
        ))}
      </ul>
    </Panel>
  );
}

export function PodContainers({ object, around }: PanelProps) {
  const t = useTranslations('detail');
  const { spec, status } = as<Pod>(object);
  const lost = around.lostNodes.has(spec?.nodeName ?? '');
  return (
    <>
      <ContainerList
        title={t('containers')}
        pod={object}
        lost={lost}
        containers={spec?.containers ?? []}
        statuses={status?.containerStatuses ?? []}
      />
      <ContainerList
        title={t('initContainers')}
        pod={object}
        lost={lost}
        containers={spec?.initContainers ?? []}
        statuses={status?.initContainerStatuses ?? []}
      />
    </>
  );
}

'use client';

import type { Container, ContainerStateTerminated, ContainerStatus, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { objectRef, type UnstructuredObject, useCluster } from '@binnacle/web-data';
import { buttonClass, cx, IconButton, Panel, Status, type Tone } from '@binnacle/web-ui';
import { ScrollText, SquareTerminal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { Age } from '../objects/age.js';
import { Mono } from '../objects/text.js';
import { ContainerDetails } from './container-details.js';
import { usePages } from '../objects/use-pages.js';
import { refusalProps, useRefusal } from '../rights/use-missing.js';
import { attachTerminal, openTerminal } from '../terminal/open-terminal.js';

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
      className={cx(buttonClass('ghost'), 'h-7!')}
    >
      <ScrollText className="size-4" aria-hidden="true" />
      {t('logs')}
    </Link>
  );
}

/** A terminal in a container that runs; of one that has a terminal of its own, that one. */
function TerminalButton({ pod, container }: { pod: UnstructuredObject; container: string }) {
  const t = useTranslations('terminal');
  const { resources } = useCluster();
  const resource = resources.byId('pods');
  const isEphemeral = as<Pod>(pod).spec?.ephemeralContainers?.some(({ name }) => name === container);
  const { name = '', namespace = '' } = pod.metadata;
  const subresource = isEphemeral ? 'attach' : 'exec';
  const refusal = useRefusal([{ verb: 'create', group: '', resource: 'pods', subresource, namespace, name }]);
  if (!resource?.subresources.includes('exec') || !resource.verbs.includes('update')) return null;
  return (
    <IconButton
      {...refusalProps(refusal)}
      label={t('inContainer', { container })}
      className="h-7! w-7!"
      onClick={() => (isEphemeral ? attachTerminal(pod, container) : openTerminal(pod, container))}
    >
      <SquareTerminal aria-hidden="true" />
    </IconButton>
  );
}

/** How it stands, since when, and how it ended before. */
function ContainerStanding({ status, lost }: { status: ContainerStatus | undefined; lost: boolean }) {
  const t = useTranslations('columns');
  const sight = lost ? lostSight(sightOf(status)) : sightOf(status);
  const restarts = status?.restartCount ?? 0;
  return (
    <div className="min-w-0 max-md:order-1">
      <Status tone={sight.tone}>{sight.label}</Status>
      {sight.since && (
        <span className="ml-1.5 text-xs text-ink-3">
          <Age time={sight.since} />
        </span>
      )}
      {restarts > 0 && (
        <p className="text-xs text-ink-3">
          {t('restarts')}: {restarts}
        </p>
      )}
      {status && <LastExit status={status} />}
    </div>
  );
}

function ContainerRow(props: {
  pod: UnstructuredObject;
  container: Container;
  status: ContainerStatus | undefined;
  lost: boolean;
  /** Shows all of it from the beginning. */
  open: boolean;
}) {
  const t = useTranslations('spec');
  const { container, status } = props;
  const ports = container.ports?.map(({ containerPort, protocol = 'TCP' }) => `${containerPort}/${protocol}`);
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-6 gap-y-1 border-b border-line/60 px-4 py-2.5 last:border-0 md:grid-cols-[minmax(0,1fr)_13rem_5rem_auto]">
      <div className="min-w-0">
        <p className="font-medium">{container.name}</p>
        <p className="break-all text-ink-3">
          <Mono>{container.image}</Mono>
        </p>
      </div>
      <ContainerStanding status={status} lost={props.lost} />
      <div className="text-ink-2 max-md:order-1 max-md:text-right">
        {ports?.map((port) => (
          <p key={port}>
            <Mono>{port}</Mono>
          </p>
        ))}
      </div>
      <span className="flex items-center justify-end gap-1">
        {status?.state?.running && !props.lost && <TerminalButton pod={props.pod} container={container.name} />}
        <LogsLink pod={props.pod} container={container.name} />
      </span>
      <details open={props.open} className="order-last col-span-full min-w-0">
        <summary className="w-fit rounded-sm text-xs text-ink-3 select-none hover:text-ink">
          {t('details')} <span className="sr-only">{container.name}</span>
        </summary>
        <ContainerDetails container={container} status={status} namespace={props.pod.metadata.namespace} />
      </details>
    </li>
  );
}

function ContainerList(props: {
  title: string;
  pod: UnstructuredObject;
  containers: readonly Container[];
  statuses: readonly ContainerStatus[];
  lost: boolean;
  open: boolean;
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
            open={props.open}
            status={props.statuses.find(({ name }) => name === container.name)}
          />
        ))}
      </ul>
    </Panel>
  );
}

/** Of many containers each is opened by whoever wants to see it. */
const FEW = 2;

/** The kinds of containers, with what is said of how they stand. */
function listsOf({ spec, status = {} }: Pod) {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec ?? {};
  return [
    { title: 'containers', containers, statuses: status.containerStatuses, open: containers.length <= FEW },
    { title: 'initContainers', containers: initContainers, statuses: status.initContainerStatuses, open: false },
    {
      title: 'ephemeralContainers',
      containers: ephemeralContainers,
      statuses: status.ephemeralContainerStatuses,
      open: false,
    },
  ] as const;
}

export function PodContainers({ object, around }: PanelProps) {
  const t = useTranslations('detail');
  const pod = as<Pod>(object);
  const lost = around.lostNodes.has(pod.spec?.nodeName ?? '');
  return listsOf(pod).map(({ title, containers, statuses = [], open }) => (
    <ContainerList
      key={title}
      title={t(title)}
      pod={object}
      lost={lost}
      containers={containers}
      statuses={statuses}
      open={open}
    />
  ));
}

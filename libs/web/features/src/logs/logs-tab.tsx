'use client';

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type UnstructuredObject, useCluster, useLive } from '@binnacle/web-data';
import { Empty } from '@binnacle/web-ui';
import { ScrollText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { type ReactNode, useMemo, useState } from 'react';
import { replaceParams } from '../list/use-list-state.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { containersOf, defaultContainer, statusOfContainer } from '../terminal/pod-containers.js';
import { as } from '../view/kind-view.js';
import { workloadSelector } from '../workloads/selectors.js';
import { Choice } from './log-controls.js';
import { type LogSettings, useLogSettings } from './log-settings.js';
import { TAILS } from './log-sight.js';
import { attemptOf, containerNames, MOST_SOURCES, sourcesOf } from './log-sources.js';
import { LogView } from './log-view.js';
import { useLog } from './use-log.js';
import { useMergedLog } from './use-merged-log.js';

/** What stands in the address for all containers; no container is called so. */
const ALL = '*';

function useEarlier(): { tailLines: number; onEarlier: (() => void) | undefined } {
  const [read, setRead] = useState(0);
  const onEarlier = read + 1 < TAILS.length ? () => setRead(read + 1) : undefined;
  return { tailLines: TAILS[read] ?? 0, onEarlier };
}

const wishOf = ({ follow, previous, since }: LogSettings, tailLines: number) => ({
  // What a container has said before it started anew is at its end.
  follow,
  previous,
  tailLines,
  ...(since > 0 && { sinceSeconds: since }),
});

function ContainerPicker({ value, children }: { value: string; children: ReactNode }) {
  const t = useTranslations('logs');
  return (
    <Choice label={t('container')} value={value} onChange={(container) => replaceParams({ container })}>
      {children}
    </Choice>
  );
}

function PodPicker({ pod, value }: { pod: Pod; value: string }) {
  const t = useTranslations();
  const all = containersOf(pod);
  return (
    <ContainerPicker value={value}>
      {all.map(({ name, kind }) => (
        <option key={name} value={name}>
          {kind === 'container' ? name : `${name} (${t(`terminal.${kind}`)})`}
        </option>
      ))}
      {all.length > 1 && <option value={ALL}>{t('logs.all')}</option>}
    </ContainerPicker>
  );
}

interface SeveralProps {
  readonly pods: readonly Pod[];
  /** Empty for all. */
  readonly container: string;
  readonly name: string;
  readonly prefix: string;
  readonly children: ReactNode;
}

/** The logs of several containers as one, each line with whose it is. */
function SeveralLogs({ pods, container, name, prefix, children }: SeveralProps) {
  const t = useTranslations('logs');
  const { cluster } = useCluster();
  const [settings, setSettings] = useLogSettings();
  const { tailLines, onEarlier } = useEarlier();
  const sources = useMemo(() => sourcesOf(pods, container, settings.previous), [pods, container, settings.previous]);
  const wish = wishOf({ ...settings, follow: settings.follow && !settings.previous }, tailLines);
  const log = useMergedLog(cluster, sources.slice(0, MOST_SOURCES), wish, `${name} ${container}`);
  const left = sources.length - MOST_SOURCES;
  const note = left > 0 ? t('tooMany', { count: left }) : t('sources', { count: sources.length });
  return (
    <LogView
      log={log}
      label={t('region', { name })}
      file={`${name}.log`}
      settings={settings}
      onSettings={setSettings}
      onEarlier={onEarlier}
      prefix={prefix}
      note={note}
    >
      {children}
    </LogView>
  );
}

function ContainerLogs({ pod, container, children }: { pod: Pod; container: string; children: ReactNode }) {
  const t = useTranslations('logs');
  const { cluster } = useCluster();
  const [settings, setSettings] = useLogSettings();
  const { tailLines, onEarlier } = useEarlier();
  const { name = '', namespace = '' } = pod.metadata;
  const log = useLog(
    { cluster, group: '', version: 'v1', resource: 'pods', namespace, name },
    { container, ...wishOf(settings, tailLines) },
    attemptOf(statusOfContainer(pod, container)),
  );
  return (
    <LogView
      log={log}
      label={t('region', { name: `${name}/${container}` })}
      file={`${name}-${container}.log`}
      settings={settings}
      onSettings={setSettings}
      onEarlier={onEarlier}
    >
      {children}
    </LogView>
  );
}

/** What was read of a Pod stays when the Pod goes. */
export function LogsTab({ pod: object }: { pod: UnstructuredObject }) {
  const pod = as<Pod>(object);
  const container = useSearchParams().get('container') ?? defaultContainer(pod);
  const picker = <PodPicker pod={pod} value={container} />;
  const pods = useMemo(() => [pod], [pod]);
  if (container !== ALL) {
    return (
      <ContainerLogs pod={pod} container={container}>
        {picker}
      </ContainerLogs>
    );
  }
  const name = pod.metadata.name ?? '';
  return (
    <SeveralLogs pods={pods} container="" name={name} prefix="">
      {picker}
    </SeveralLogs>
  );
}

function WorkloadPicker({ pods, value }: { pods: readonly Pod[]; value: string }) {
  const t = useTranslations('logs');
  const names = containerNames(pods);
  return (
    <ContainerPicker value={value}>
      <option value={ALL}>{t('all')}</option>
      {/* Of Pods that have gone it may be one that no other has. */}
      {[...new Set([...names, ...(value === ALL ? [] : [value])])].map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </ContainerPicker>
  );
}

/** The logs of all Pods a workload selects, live as they come and go. */
export function WorkloadLogsTab({ workload }: { workload: UnstructuredObject }) {
  const t = useTranslations('logs');
  const labelSelector = workloadSelector(workload);
  const { namespace = '', name = '' } = workload.metadata;
  const container = useSearchParams().get('container') ?? ALL;
  const query = useQueryOf('pods', { namespace, labelSelector });
  const pods = useLive(labelSelector ? query : undefined).items as unknown as readonly Pod[];
  if (!labelSelector) return <Empty icon={<ScrollText />} title={t('noSelector')} />;
  return (
    <SeveralLogs pods={pods} container={container === ALL ? '' : container} name={name} prefix={`${name}-`}>
      <WorkloadPicker pods={pods} value={container} />
    </SeveralLogs>
  );
}

'use client';

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type UnstructuredObject, useCluster } from '@binnacle/web-data';
import { cx, Empty, IconButton, inputClass, SkeletonRows } from '@binnacle/web-ui';
import { Download, ScrollText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useSearchParams } from 'next/navigation';
import { useDeferredValue, useMemo, useState } from 'react';
import { as } from '../view/kind-view.js';
import { replaceParams } from '../list/use-list-state.js';
import { downloadText } from '../objects/download.js';
import { LogLines } from './log-lines.js';
import { LogSearch } from './log-search.js';
import { findLines } from './search.js';
import { type LogSettings, useLogSettings } from './log-settings.js';
import { type LogSight, TAILS, useLog } from './use-log.js';

function ContainerPicker({ pod, value }: { pod: Pod; value: string }) {
  const t = useTranslations('logs');
  const init = (pod.spec?.initContainers ?? []).map(({ name }) => name);
  const names = [...(pod.spec?.containers ?? []).map(({ name }) => name), ...init];
  return (
    <label className="flex items-center gap-2 text-sm whitespace-nowrap text-ink-2">
      <span className="max-sm:sr-only">{t('container')}</span>
      <select
        value={value}
        onChange={(event) => replaceParams({ container: event.target.value })}
        className={cx(inputClass, 'w-auto max-w-48 pr-1')}
      >
        {names.map((name) => (
          <option key={name} value={name}>
            {init.includes(name) ? `${name} (${t('init')})` : name}
          </option>
        ))}
      </select>
    </label>
  );
}

function Switches({ settings, onChange }: { settings: LogSettings; onChange: (settings: LogSettings) => void }) {
  const t = useTranslations('logs');
  return (
    <div className="flex flex-wrap gap-x-3 gap-y-1">
      {(['follow', 'previous', 'timestamps', 'wrap'] as const).map((name) => (
        <label key={name} className="flex items-center gap-1.5 text-sm whitespace-nowrap text-ink-2">
          <input
            type="checkbox"
            checked={settings[name]}
            onChange={() => onChange({ ...settings, [name]: !settings[name] })}
            className="accent-accent"
          />
          {t(name)}
        </label>
      ))}
    </div>
  );
}

const countOf = (log: LogSight): number => log.lines.filter(({ restart }) => !restart).length;

interface FooterProps {
  readonly log: LogSight;
  /** Reads more of what came before; undefined where so much is read already that a file is better. */
  readonly onEarlier: (() => void) | undefined;
}

function Footer({ log, onEarlier }: FooterProps) {
  const t = useTranslations('logs');
  const count = countOf(log);
  return (
    <p role="status" className="flex min-h-7 items-center gap-3 border-t border-line px-4 text-xs text-ink-3 md:px-6">
      <span className="tabular">{t(log.earlier ? 'lastLines' : 'lines', { count })}</span>
      {log.dropped > 0 && <span>{t('dropped', { count: log.dropped })}</span>}
      {log.earlier && onEarlier && (
        <button type="button" className="rounded-sm px-1 font-medium text-accent hover:bg-hover" onClick={onEarlier}>
          {t('earlier')}
        </button>
      )}
      {log.earlier && !onEarlier && <span>{t('tooLong')}</span>}
      {log.phase === 'reconnecting' && <span className="text-warn">{t('reconnecting')}</span>}
      {log.phase === 'ended' && <span>{t('ended')}</span>}
      {log.phase === 'failed' && count > 0 && <span className="text-error">{t('failed', { message: log.error })}</span>}
    </p>
  );
}

function Body({
  log,
  label,
  settings,
  search,
  current,
}: {
  log: LogSight;
  label: string;
  settings: LogSettings;
  search: string;
  current: number;
}) {
  const t = useTranslations();
  if (log.phase === 'failed' && log.lines.length === 0) {
    return <Empty icon={<ScrollText />} title={t('logs.failed', { message: log.error })} />;
  }
  if (log.lines.length === 0) {
    return log.phase === 'loading' && !settings.follow ? (
      <SkeletonRows label={t('app.loading')} />
    ) : (
      <Empty icon={<ScrollText />} title={t('logs.empty')} />
    );
  }
  return (
    <LogLines
      label={label}
      lines={log.lines}
      dropped={log.dropped}
      timestamps={settings.timestamps}
      wrap={settings.wrap}
      search={search}
      current={current}
    />
  );
}

interface LogSearchState {
  readonly text: string;
  readonly search: string;
  readonly at: number;
  readonly matches: readonly number[];
  change(text: string): void;
  step(by: 1 | -1): void;
}

function useLogSearch(log: LogSight): LogSearchState {
  const [text, setText] = useState('');
  const [at, setAt] = useState(-1);
  const search = useDeferredValue(text);
  const matches = useMemo(() => findLines(log.lines, search), [log.lines, search]);
  return {
    text,
    search,
    at,
    matches,
    change: (next) => {
      setText(next);
      setAt(-1);
    },
    step: (by) => {
      const after = matches.find((index) => index > at) ?? matches[0];
      const before = matches.findLast((index) => index < at) ?? matches.at(-1);
      setAt((by > 0 ? after : before) ?? -1);
    },
  };
}

/** Grows when the container starts, and starts again: each run has a log of its own. */
function attemptOf({ status }: Pod, container: string): number {
  const statuses = [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])];
  const found = statuses.find(({ name }) => name === container);
  if (!found) return 0;
  const waiting = found.state?.waiting !== undefined && found.lastState?.terminated === undefined;
  return found.restartCount + (waiting ? 0 : 1);
}

function useContainer(pod: Pod): string {
  const wanted = useSearchParams().get('container');
  return wanted ?? pod.spec?.containers[0]?.name ?? '';
}

const textOf = ({ restart, text }: LogSight['lines'][number]): string => (restart ? '--- restart ---' : text);

/** What was read of a Pod stays when the Pod goes. */
export function LogsTab({ pod: object }: { pod: UnstructuredObject }) {
  const t = useTranslations('logs');
  const { cluster } = useCluster();
  const pod = as<Pod>(object);
  const container = useContainer(pod);
  const [settings, setSettings] = useLogSettings();
  const [read, setRead] = useState(0);
  const { name = '', namespace = '' } = pod.metadata;
  const log = useLog(
    { cluster, group: '', version: 'v1', resource: 'pods', namespace, name },
    { container, follow: settings.follow, previous: settings.previous, tailLines: TAILS[read] ?? 0 },
    attemptOf(pod, container),
  );
  const { text, search, at, matches, change, step } = useLogSearch(log);
  const save = () =>
    downloadText(`${name}-${container}.log`, log.lines.map((line) => `${line.time} ${textOf(line)}\n`).join(''));
  const label = t('region', { name: `${name}/${container}` });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2 md:px-6">
        <ContainerPicker pod={pod} value={container} />
        <Switches settings={settings} onChange={setSettings} />
        <span className="flex-1" />
        <LogSearch
          text={text}
          matches={matches.length}
          searched={log.earlier ? countOf(log) : undefined}
          onText={change}
          onStep={step}
        />
        <IconButton label={t('download')} onClick={save}>
          <Download aria-hidden="true" />
        </IconButton>
      </div>
      <Body log={log} label={label} settings={settings} search={search} current={at} />
      <Footer log={log} onEarlier={read + 1 < TAILS.length ? () => setRead(read + 1) : undefined} />
    </div>
  );
}

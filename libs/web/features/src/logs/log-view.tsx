'use client';

import { Empty, IconButton, SkeletonRows } from '@binnacle/web-ui';
import { Download, ScrollText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useDeferredValue, useMemo, useState } from 'react';
import { downloadText } from '../objects/download.js';
import type { BufferedLine } from './log-buffer.js';
import { SincePicker, Switches } from './log-controls.js';
import { LogLines } from './log-lines.js';
import { LogSearch } from './log-search.js';
import type { LogSettings } from './log-settings.js';
import type { LogSight } from './log-sight.js';
import { findLines } from './search.js';

interface LogViewProps {
  readonly log: LogSight;
  /** What is read, for those who do not see it. */
  readonly label: string;
  /** What a file of it is called. */
  readonly file: string;
  readonly settings: LogSettings;
  readonly onSettings: (settings: LogSettings) => void;
  /** Reads more of what came before; undefined where so much is read already that a file is better. */
  readonly onEarlier: (() => void) | undefined;
  /** What every Pod's name begins with. */
  readonly prefix?: string;
  /** What is said besides, at the foot. */
  readonly note?: string | undefined;
  /** Chooses whose log it is. */
  readonly children: ReactNode;
}

const countOf = (log: LogSight): number => log.lines.filter(({ restart }) => !restart).length;

function Footer({ log, onEarlier, note }: Pick<LogViewProps, 'log' | 'onEarlier' | 'note'>) {
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
      {note && <span>{note}</span>}
      <PhaseNote log={log} isEmpty={count === 0} />
    </p>
  );
}

function PhaseNote({ log, isEmpty }: { log: LogSight; isEmpty: boolean }) {
  const t = useTranslations('logs');
  if (log.phase === 'reconnecting') return <span className="text-warn">{t('reconnecting')}</span>;
  if (log.phase === 'ended') return <span>{t('ended')}</span>;
  if (!log.error || isEmpty) return null;
  return <span className="text-error">{t('failed', { message: log.error })}</span>;
}

function Body(
  props: Pick<LogViewProps, 'log' | 'label' | 'settings' | 'prefix'> & { search: string; current: number },
) {
  const t = useTranslations();
  const { log, settings } = props;
  if (log.phase === 'failed' && log.lines.length === 0) {
    return <Empty icon={<ScrollText />} title={t('logs.failed', { message: log.error })} />;
  }
  if (log.lines.length === 0) {
    return log.phase === 'loading' && !settings.follow ? (
      <SkeletonRows label={t('app.loading')} />
    ) : (
      <Empty icon={<ScrollText />} title={t(settings.since ? 'logs.emptySince' : 'logs.empty')} />
    );
  }
  return (
    <LogLines
      label={props.label}
      lines={log.lines}
      dropped={log.dropped}
      timestamps={settings.timestamps}
      wrap={settings.wrap}
      json={settings.json}
      prefix={props.prefix ?? ''}
      search={props.search}
      current={props.current}
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

function textOf({ restart, text, time, source }: BufferedLine): string {
  const whose = source ? `${source.pod}/${source.container} ` : '';
  return `${time} ${whose}${restart ? '--- restart ---' : text}\n`;
}

/** A log with all that can be done with it. */
export function LogView(props: LogViewProps) {
  const t = useTranslations('logs');
  const { log, settings, onSettings } = props;
  const { text, search, at, matches, change, step } = useLogSearch(log);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2 md:px-6">
        {props.children}
        <SincePicker settings={settings} onChange={onSettings} />
        <Switches settings={settings} onChange={onSettings} />
        <span className="flex-1" />
        <LogSearch
          text={text}
          matches={matches.length}
          searched={log.earlier ? countOf(log) : undefined}
          onText={change}
          onStep={step}
        />
        <IconButton label={t('download')} onClick={() => downloadText(props.file, log.lines.map(textOf).join(''))}>
          <Download aria-hidden="true" />
        </IconButton>
      </div>
      <Body {...props} search={search} current={at} />
      <Footer log={log} onEarlier={props.onEarlier} note={props.note} />
    </div>
  );
}

'use client';

import { cx } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { clockTime } from './clock-time.js';
import { type JsonLine, readJsonLine } from './json-line.js';
import type { BufferedLine, LogSource } from './log-buffer.js';
import { pieces, withoutEscapes } from './search.js';

export interface LineLook {
  readonly timestamps: boolean;
  readonly wrap: boolean;
  /** Lines of JSON are shown in their parts. */
  readonly json: boolean;
  readonly search: string;
  /** What every Pod's name begins with, which tells none from another. */
  readonly prefix?: string;
}

export function RestartMark({ source }: { source: LogSource | undefined }) {
  const t = useTranslations('logs');
  return (
    <div className="flex items-center gap-3 px-4 py-1 font-sans text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
      {source && `${source.pod}/${source.container}: `}
      {t('restarted')}
    </div>
  );
}

function Marked({ text, search }: { text: string; search: string }) {
  return pieces(withoutEscapes(text), search).map((piece, index) =>
    piece.hit ? (
      <mark key={index} className="rounded-sm bg-warn-soft text-warn">
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  );
}

const TONES = { error: 'text-error', warn: 'text-warn', none: 'text-ink-3' };

function Parts({ line, search }: { line: JsonLine; search: string }) {
  return (
    <>
      {line.level && (
        <span className={cx('mr-2 font-medium uppercase', TONES[line.tone])}>
          <Marked text={line.level} search={search} />
        </span>
      )}
      <Marked text={line.message} search={search} />
      {line.fields.map(([key, value]) => (
        <span key={key} className="ml-3">
          <span style={{ color: 'var(--code-key)' }}>
            <Marked text={key} search={search} />
          </span>
          <span className="text-ink-3">=</span>
          <span className="text-ink-2">
            <Marked text={value} search={search} />
          </span>
        </span>
      ))}
    </>
  );
}

/** Whose line it is: a colour, and a name cut where it is like all others. */
function Whose({ source, prefix }: { source: LogSource; prefix: string }) {
  const { pod, container, colour } = source;
  const short = prefix && pod.startsWith(prefix) ? `…${pod.slice(pod.lastIndexOf('-') + 1)}` : pod;
  return (
    <span
      title={`${pod}/${container}`}
      className="w-36 shrink-0 truncate select-none max-md:w-24"
      style={{ color: `var(--log-${colour})` }}
    >
      {short} {container}
    </span>
  );
}

export function Line({ line, look, isCurrent }: { line: BufferedLine; look: LineLook; isCurrent: boolean }) {
  const json = look.json ? readJsonLine(line.text) : undefined;
  return (
    <div className={cx('flex gap-3 px-4', isCurrent && 'bg-selected')}>
      {look.timestamps && (
        <span className="tabular shrink-0 text-ink-3 select-none" title={line.time}>
          {clockTime(line.time)}
        </span>
      )}
      {line.source && <Whose source={line.source} prefix={look.prefix ?? ''} />}
      <span className={cx('min-w-0', look.wrap ? 'break-all whitespace-pre-wrap' : 'whitespace-pre')}>
        {json ? <Parts line={json} search={look.search} /> : <Marked text={line.text} search={look.search} />}
      </span>
    </div>
  );
}

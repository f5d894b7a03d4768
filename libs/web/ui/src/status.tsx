import type { ReactNode } from 'react';
import { cx } from './class-names.js';

/** How a thing stands. Each tone has a colour and a shape of its own. */
export type Tone = 'ok' | 'warn' | 'error' | 'progress' | 'idle';

export const TONES: readonly Tone[] = ['error', 'warn', 'progress', 'ok', 'idle'];

const TONE_TEXT: Readonly<Record<Tone, string>> = {
  ok: 'text-ok',
  warn: 'text-warn',
  error: 'text-error',
  progress: 'text-progress',
  idle: 'text-idle',
};

export const TONE_FILL: Readonly<Record<Tone, string>> = {
  ok: 'bg-ok',
  warn: 'bg-warn',
  error: 'bg-error',
  progress: 'bg-progress',
  idle: 'bg-idle',
};

const knockout = {
  stroke: 'var(--surface)',
  strokeWidth: 1.6,
  strokeLinecap: 'round',
  strokeLinejoin: 'round',
} as const;

const SHAPES: Readonly<Record<Tone, ReactNode>> = {
  ok: (
    <>
      <circle cx="7" cy="7" r="5.5" fill="currentColor" />
      <path d="M4.6 7.2 6.3 8.9 9.5 5.4" fill="none" {...knockout} />
    </>
  ),
  warn: (
    <>
      <path d="M7 1.2 13 12.2H1z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
      <path d="M7 5.2v3.1M7 10.3v.1" fill="none" {...knockout} />
    </>
  ),
  error: (
    <>
      <path d="M7 .9 13.1 7 7 13.1.9 7z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />
      <path d="M5.2 5.2 8.8 8.8M8.8 5.2 5.2 8.8" fill="none" {...knockout} />
    </>
  ),
  progress: (
    <g className="spin-slow origin-center" fill="none" stroke="currentColor" strokeWidth="2">
      <circle cx="7" cy="7" r="5" opacity="0.28" />
      <path d="M7 2a5 5 0 0 1 5 5" strokeLinecap="round" />
    </g>
  ),
  idle: <circle cx="7" cy="7" r="4.8" fill="none" stroke="currentColor" strokeWidth="1.6" strokeDasharray="2.2 1.6" />,
};

export function StatusGlyph({ tone, className }: { tone: Tone; className?: string }) {
  return (
    <svg viewBox="0 0 14 14" aria-hidden="true" className={cx('size-3.5 shrink-0', TONE_TEXT[tone], className)}>
      {SHAPES[tone]}
    </svg>
  );
}

/** Of `Terminating,NodeLost` each word keeps a part of its own, and the first gives way: the last says what is wrong. */
function Words({ text }: { text: string }) {
  const comma = text.lastIndexOf(',');
  if (comma < 0) return <span className="truncate">{text}</span>;
  return (
    <>
      {/* Two parts that stand beside each other would be read as two words. */}
      <span className="sr-only">{text}</span>
      <span aria-hidden="true" className="min-w-5 shrink-[999999] truncate select-none">
        {text.slice(0, comma)}
      </span>
      <span aria-hidden="true" className="truncate select-none">
        {text.slice(comma)}
      </span>
    </>
  );
}

/** A shape, a colour and a word. */
export function Status({ tone, children, title }: { tone: Tone; children: ReactNode; title?: string | undefined }) {
  return (
    <span title={title} className="inline-flex max-w-full min-w-0 items-center gap-1.5 align-middle">
      <StatusGlyph tone={tone} />
      <span className={cx('flex min-w-0', tone === 'error' && 'text-error', tone === 'warn' && 'text-warn')}>
        {typeof children === 'string' ? <Words text={children} /> : <span className="truncate">{children}</span>}
      </span>
    </span>
  );
}

/** A small label with a soft ground. */
export function Tag({ tone, children }: { tone?: Tone; children: ReactNode }) {
  const ground =
    tone === 'error'
      ? 'bg-error-soft text-error'
      : tone === 'warn'
        ? 'bg-warn-soft text-warn'
        : tone === 'ok'
          ? 'bg-ok-soft text-ok'
          : 'bg-sunken text-ink-2';
  return (
    <span
      className={cx('inline-flex h-5 items-center rounded-sm px-1.5 text-2xs font-medium whitespace-nowrap', ground)}
    >
      {children}
    </span>
  );
}

import type { ReactNode } from 'react';
import { cx } from './class-names.js';

/** A titled block on the page. */
export function Panel(props: {
  title?: ReactNode;
  count?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
  className?: string;
}) {
  return (
    <section className={cx('min-w-0 rounded-lg border border-line bg-surface', props.className)}>
      {props.title && (
        <header className="flex min-h-10 items-center gap-2 border-b border-line px-4">
          <h2 className="text-sm font-semibold tracking-tight">{props.title}</h2>
          {props.count !== undefined && <span className="tabular text-xs text-ink-3">{props.count}</span>}
          <span className="flex-1" />
          {props.actions}
        </header>
      )}
      <div className={props.flush ? '' : 'p-4'}>{props.children}</div>
    </section>
  );
}

/** Says why there is nothing, and what to do. */
export function Empty(props: {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  compact?: boolean;
  /** Where it stands for the whole page, its title is the page's. */
  page?: boolean;
}) {
  const Title = props.page ? 'h1' : 'p';
  return (
    <div
      className={cx(
        'flex flex-col items-center justify-center gap-1 px-6 text-center',
        props.compact ? 'py-6' : 'min-h-64 py-12',
      )}
    >
      {props.icon && (
        <span className="mb-2 flex size-10 items-center justify-center rounded-full bg-sunken text-ink-3 [&>svg]:size-5">
          {props.icon}
        </span>
      )}
      <Title className="text-sm font-medium text-ink">{props.title}</Title>
      {props.children && <div className="max-w-md text-sm text-ink-3">{props.children}</div>}
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden="true" className={cx('shimmer block rounded-sm bg-line', className)} />;
}

/** Grey rows in the shape of what is being loaded. */
export function SkeletonRows({ rows = 8, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="px-4 py-3">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex h-9 items-center gap-6" style={{ opacity: 1 - index / (rows + 2) }}>
          <Skeleton className="size-3.5 rounded-full" />
          <Skeleton className="h-3 w-48" />
          <Skeleton className="h-3 w-20" />
          <Skeleton className="h-3 flex-1" />
        </div>
      ))}
    </div>
  );
}

export interface Notice {
  readonly tone: 'error' | 'warn' | 'info';
  readonly icon?: ReactNode;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  readonly role?: 'alert' | 'status';
}

const NOTICE_GROUNDS = { error: 'bg-error-soft', warn: 'bg-warn-soft', info: 'bg-accent-soft' };
const NOTICE_ICONS = { error: 'text-error', warn: 'text-warn', info: 'text-accent' };

export function NoticeBar({ tone, icon, children, actions, role }: Notice) {
  return (
    <div role={role} className={cx('flex min-h-9 items-center gap-2.5 px-4 py-1.5 text-sm', NOTICE_GROUNDS[tone])}>
      {icon && <span className={cx('[&>svg]:size-4', NOTICE_ICONS[tone])}>{icon}</span>}
      <div className="min-w-0 flex-1 break-words">{children}</div>
      {actions}
    </div>
  );
}

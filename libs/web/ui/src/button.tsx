'use client';

import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class-names.js';
import { Tooltip } from './tooltip.js';

type Variant = 'primary' | 'secondary' | 'ghost' | 'danger';

const VARIANTS: Readonly<Record<Variant, string>> = {
  primary: 'bg-accent text-accent-ink hover:brightness-108',
  secondary: 'bg-raised text-ink shadow-[inset_0_0_0_1px_var(--line-strong)] hover:bg-hover',
  ghost: 'text-ink-2 hover:bg-hover hover:text-ink',
  danger: 'bg-error text-surface hover:brightness-108',
};

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  readonly variant?: Variant;
  readonly icon?: ReactNode;
  /** Says why the button cannot be pressed; it stays reachable, so that everyone can learn the reason. */
  readonly disabledReason?: string | undefined;
  /** What a press does while there is such a reason: it tells more of it. */
  readonly onRefused?: (() => void) | undefined;
  readonly busy?: boolean;
}

export function buttonClass(variant: Variant = 'secondary'): string {
  return cx(
    'inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-md px-2.5 text-sm font-medium whitespace-nowrap',
    'transition-[background-color,filter] duration-100 select-none',
    'aria-disabled:cursor-not-allowed aria-disabled:opacity-50 aria-disabled:hover:brightness-100',
    VARIANTS[variant],
  );
}

export function Button(props: ButtonProps) {
  const { variant, icon, disabledReason, onRefused, busy, className, children, onClick, ...rest } = props;
  const off = Boolean(disabledReason) || busy;
  const button = (
    <button
      type="button"
      {...rest}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      className={cx(buttonClass(variant), className)}
      onClick={(event) => {
        if (!off) return onClick?.(event);
        event.preventDefault();
        if (disabledReason) onRefused?.();
      }}
    >
      {icon && <span className="flex size-4 items-center justify-center [&>svg]:size-4">{icon}</span>}
      {children}
    </button>
  );
  return disabledReason ? <Tooltip text={disabledReason}>{button}</Tooltip> : button;
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children' | 'disabled'> {
  readonly label: string;
  readonly variant?: Variant;
  readonly shortcut?: string;
  /** Says why it cannot be pressed, and what a press does then. */
  readonly disabledReason?: string | undefined;
  readonly onRefused?: (() => void) | undefined;
  readonly children: ReactNode;
}

/** A square button; its label is its tooltip and its accessible name. */
export function IconButton(props: IconButtonProps) {
  const {
    label,
    shortcut,
    disabledReason,
    onRefused,
    children,
    variant = 'ghost',
    className,
    onClick,
    ...rest
  } = props;
  return (
    <Tooltip text={disabledReason ?? label} {...(shortcut && { shortcut })}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-disabled={Boolean(disabledReason) || undefined}
        onClick={(event) => (disabledReason ? onRefused?.() : onClick?.(event))}
        className={cx(buttonClass(variant), 'w-8 px-0! [&>svg]:size-4', className)}
      >
        {children}
      </button>
    </Tooltip>
  );
}

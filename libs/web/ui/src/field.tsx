'use client';

import type { ComponentProps, ReactNode } from 'react';
import { cx } from './class-names.js';

export const inputClass =
  'h-8 w-full min-w-0 rounded-md bg-surface px-2.5 text-sm text-ink shadow-[inset_0_0_0_1px_var(--line-strong)] outline-offset-0 hover:shadow-[inset_0_0_0_1px_var(--ink-3)]';

export function TextField({
  label,
  hint,
  error,
  id,
  className,
  ...rest
}: ComponentProps<'input'> & { label: string; id: string; hint?: ReactNode; error?: string | undefined }) {
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-xs font-medium text-ink-2">
        {label}
      </label>
      <input
        {...rest}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-note` : undefined}
        className={cx(inputClass, className)}
      />
      {(error || hint) && (
        <p id={`${id}-note`} className={cx('text-xs', error ? 'text-error' : 'text-ink-3')}>
          {error || hint}
        </p>
      )}
    </div>
  );
}

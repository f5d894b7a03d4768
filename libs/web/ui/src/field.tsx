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

/** A field whose label stands around it. */
export function Labelled({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <label className={cx('flex min-w-0 flex-col gap-1 text-xs font-medium text-ink-2', className)}>
      {label}
      {children}
    </label>
  );
}

interface SelectFieldProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onChange: (value: string) => void;
  readonly className?: string;
}

/** One of several. */
export function SelectField({ label, value, options, onChange, className }: SelectFieldProps) {
  return (
    <Labelled label={label} {...(className && { className })}>
      <select className={inputClass} value={value} onChange={({ target }) => onChange(target.value)}>
        {options.map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </Labelled>
  );
}

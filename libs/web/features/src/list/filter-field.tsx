'use client';

import { Kbd, useShortcuts } from '@binnacle/web-ui';
import { ListFilter, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';

interface FilterFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
}

/** `/` goes here, Escape empties it and leaves. */
export function FilterField({ label, value, onChange, placeholder }: FilterFieldProps) {
  const t = useTranslations('list');
  const input = useRef<HTMLInputElement>(null);
  useShortcuts({ '/': () => input.current?.select() });
  const focus = () => input.current?.focus();
  return (
    <div className="relative w-full max-w-88 min-w-40 flex-1">
      <ListFilter aria-hidden="true" className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={placeholder ?? t('filterHint')}
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          onChange('');
          input.current?.blur();
        }}
        className="peer h-8 w-full rounded-md bg-surface pr-8 pl-8 text-sm shadow-[inset_0_0_0_1px_var(--line-strong)] outline-offset-0 hover:shadow-[inset_0_0_0_1px_var(--ink-3)] [&::-webkit-search-cancel-button]:hidden"
      />
      {value ? (
        <button
          type="button"
          aria-label={t('clearFilter')}
          onClick={() => {
            onChange('');
            focus();
          }}
          className="absolute top-1.5 right-1.5 flex size-5 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
        >
          <X className="size-3.5" aria-hidden="true" />
        </button>
      ) : (
        <span
          aria-hidden="true"
          className="pointer-events-none absolute top-1.75 right-2 text-ink-3 peer-focus:hidden max-md:hidden"
        >
          <Kbd keys="/" />
        </span>
      )}
    </div>
  );
}

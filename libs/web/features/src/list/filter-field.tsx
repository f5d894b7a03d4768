'use client';

import { Kbd, useShortcuts } from '@binnacle/web-ui';
import { ListFilter, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';

interface FilterFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly placeholder?: string;
}

/** The list follows the typing at this distance, so that a fast typist does not sort it for every letter. */
const FOLLOW_MILLISECONDS = 80;

/** `/` goes here, Escape empties it and leaves. */
export function FilterField({ label, value, onChange, placeholder }: FilterFieldProps) {
  const t = useTranslations('list');
  const input = useRef<HTMLInputElement>(null);
  // What is typed is the reader's until it is told: the address, where the value lives, follows a moment later.
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (document.activeElement !== input.current) setText(value);
  }, [value]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (next: string) => {
    setText(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(next), next ? FOLLOW_MILLISECONDS : 0);
  };
  useShortcuts({
    '/': () => {
      // Not every browser gives the focus to what is selected.
      input.current?.focus();
      input.current?.select();
    },
  });
  const focus = () => input.current?.focus();
  return (
    <div className="relative w-full max-w-88 min-w-40 flex-1">
      <ListFilter aria-hidden="true" className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={placeholder ?? t('filterHint')}
        value={text}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => change(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          change('');
          input.current?.blur();
        }}
        className="peer h-8 w-full rounded-md bg-surface pr-8 pl-8 text-sm shadow-[inset_0_0_0_1px_var(--line-strong)] outline-offset-0 hover:shadow-[inset_0_0_0_1px_var(--ink-3)] [&::-webkit-search-cancel-button]:hidden"
      />
      {text ? (
        <button
          type="button"
          aria-label={t('clearFilter')}
          onClick={() => {
            change('');
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

'use client';

import { IconButton, useShortcuts } from '@binnacle/web-ui';
import { ChevronDown, ChevronUp, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';

interface LogSearchProps {
  readonly text: string;
  readonly matches: number;
  /** How many lines were searched, where that is not the whole log. */
  readonly searched: number | undefined;
  readonly onText: (text: string) => void;
  readonly onStep: (by: 1 | -1) => void;
}

export function LogSearch({ text, matches, searched, onText, onStep }: LogSearchProps) {
  const t = useTranslations('logs');
  const input = useRef<HTMLInputElement>(null);
  useShortcuts({
    '/': () => {
      // Not every browser gives the focus to what is selected.
      input.current?.focus();
      input.current?.select();
    },
  });
  return (
    <div className="flex items-center gap-0.5">
      <div className="relative">
        <Search aria-hidden="true" className="pointer-events-none absolute top-2 left-2.5 size-4 text-ink-3" />
        <input
          ref={input}
          type="search"
          aria-label={t('search')}
          placeholder={t('search')}
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
            if (event.key === 'Escape') onText('');
          }}
          className="h-8 w-52 rounded-md bg-surface pr-2 pl-8 text-sm shadow-[inset_0_0_0_1px_var(--line-strong)] outline-offset-0"
        />
      </div>
      {text && (
        <>
          <span role="status" className="tabular px-1.5 text-xs whitespace-nowrap text-ink-3">
            {searched === undefined
              ? t('matches', { count: matches })
              : t('matchesPartial', { count: matches, lines: searched })}
          </span>
          <IconButton label={t('last')} onClick={() => onStep(-1)}>
            <ChevronUp aria-hidden="true" />
          </IconButton>
          <IconButton label={t('next')} onClick={() => onStep(1)}>
            <ChevronDown aria-hidden="true" />
          </IconButton>
        </>
      )}
    </div>
  );
}

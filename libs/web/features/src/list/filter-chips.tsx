'use client';

import { cx } from '@binnacle/web-ui';
import { TriangleAlert, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type FilterTerm, withoutTerm } from './filter-terms.js';
import type { ListFilter } from './use-filter.js';

/** Of a word: where it is looked for, and where it must not be found. */
const WORD_MESSAGES = { telling: ['tells', 'notTells'], named: ['word', 'notWord'] } as const;

/** What a part of a filter means, in the reader's language. */
function useMeaning({ fields, telling }: ListFilter): (term: FilterTerm) => string {
  const t = useTranslations('filter');
  return (term) => {
    switch (term.kind) {
      case 'word':
        return t(WORD_MESSAGES[telling ? 'telling' : 'named'][term.negated ? 1 : 0], { text: term.text });
      case 'field':
        return t(term.negated ? 'notField' : 'field', { field: term.field, values: term.values.join(', ') });
      case 'label':
        return t(term.negated ? 'notLabel' : 'label', { key: term.key });
      case 'labels':
        return t(term.negated ? 'notLabels' : 'labels', { selector: term.matcher.toString() });
      case 'error':
        return t(`problem.${term.problem}`, { message: term.message, fields: fields.join(', ') });
    }
  };
}

interface FilterChipsProps {
  readonly filter: ListFilter;
  readonly onChange: (query: string) => void;
}

/** Each part of the filter as it was understood; pressing one takes it out. What was not understood says so. */
export function FilterChips({ filter, onChange }: FilterChipsProps) {
  const t = useTranslations('filter');
  const meaning = useMeaning(filter);
  if (filter.terms.length === 0) return null;
  return (
    <ul aria-label={t('understood')} aria-live="polite" className="flex flex-wrap gap-1.5 px-4 pb-3 md:px-6">
      {filter.terms.map((term, index) => {
        const text = meaning(term);
        const wrong = term.kind === 'error';
        return (
          <li key={`${index} ${term.source}`} className="max-w-full">
            <button
              type="button"
              aria-label={t('remove', { text })}
              onClick={() => onChange(withoutTerm(filter.terms, index))}
              className={cx(
                'inline-flex min-h-6 max-w-full items-center gap-1.5 rounded-md px-2 py-0.5 text-left text-xs',
                wrong ? 'bg-error-soft text-error' : 'bg-selected text-ink-2 hover:text-ink',
              )}
            >
              {wrong && <TriangleAlert className="size-3.5 shrink-0" aria-hidden="true" />}
              <span className="min-w-0 break-words">{text}</span>
              <X className="size-3 shrink-0" aria-hidden="true" />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

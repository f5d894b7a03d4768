'use client';

import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import { useFormatter, useTranslations } from 'next-intl';
import type { Translate } from '../messages/index.js';
import { ruleSentence } from './rule-sentence.js';

interface RuleListProps {
  readonly rules: readonly PolicyRule[];
  /** How many are shown; the rest is counted. All of them unless it is said. */
  readonly most?: number;
}

/** Rules as sentences, one a line. */
export function RuleList({ rules, most = Number.POSITIVE_INFINITY }: RuleListProps) {
  const t = useTranslations() as unknown as Translate;
  const format = useFormatter();
  const sentences = rules.map((rule) => ruleSentence(t, (words) => format.list([...words]), rule));
  const shown = sentences.slice(0, most);
  return (
    <ul className="flex flex-col gap-1.5 text-sm">
      {shown.map((sentence, index) => (
        <li key={index} className="flex gap-2 break-words">
          <span aria-hidden="true" className="text-ink-3">
            –
          </span>
          <span className="min-w-0">{sentence}</span>
        </li>
      ))}
      {sentences.length > shown.length && (
        <li className="text-ink-3">{t('access.moreRules', { count: sentences.length - shown.length })}</li>
      )}
    </ul>
  );
}

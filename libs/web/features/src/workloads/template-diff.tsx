'use client';

import type { PodTemplateSpec } from '@binnacle/apis-kubernetes/core/v1';
import { formatYaml } from '@binnacle/machinery-yaml';
import { cx } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { type DiffLine, lineDiff, withContext } from './line-diff.js';

const CONTEXT = 2;
const LOOKS = { same: 'text-ink-3', removed: 'bg-error-soft text-ink', added: 'bg-ok-soft text-ink' } as const;
const SIGNS = { same: ' ', removed: '−', added: '+' } as const;

const linesOf = (template: PodTemplateSpec): string[] => formatYaml(template).trimEnd().split('\n');

function Line({ line }: { line: DiffLine | undefined }) {
  const t = useTranslations('rollout');
  if (!line) return <div className="px-3 text-ink-3 select-none">⋯</div>;
  return (
    <div className={cx('flex gap-2 px-3', LOOKS[line.kind])}>
      <span aria-hidden="true" className="select-none">
        {SIGNS[line.kind]}
      </span>
      {line.kind !== 'same' && <span className="sr-only">{t(line.kind)}</span>}
      <span className="min-w-0 break-all whitespace-pre-wrap">{line.text}</span>
    </div>
  );
}

export interface TemplateDiffProps {
  readonly label: string;
  readonly before: PodTemplateSpec;
  readonly after: PodTemplateSpec;
}

/** What of a Pod template becomes another, line by line. */
export function TemplateDiff({ label, before, after }: TemplateDiffProps) {
  const t = useTranslations('rollout');
  const lines = useMemo(() => withContext(lineDiff(linesOf(before), linesOf(after)), CONTEXT), [before, after]);
  if (lines.every((line) => line === undefined)) return <p className="text-sm text-ink-3">{t('noDifference')}</p>;
  return (
    <div
      tabIndex={0}
      role="group"
      aria-label={label}
      className="max-h-72 overflow-y-auto rounded-md border border-line py-1 font-mono text-xs leading-5"
    >
      {lines.map((line, index) => (
        <Line key={index} line={line} />
      ))}
    </div>
  );
}

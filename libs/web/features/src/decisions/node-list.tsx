'use client';

import { inputClass } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import type { Translate } from '../messages/index.js';
import { KindLink } from '../objects/links.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { isSaidBy, type NodeMark, type ReasonKey } from './node-marks.js';

/** Rows that are shown at once. */
const SHOWN = 50;

function saidText({ verdict, plugin = '', reasons = [] }: NodeMark, t: Translate): string {
  return verdict === 'refused' ? `${plugin}: ${reasons.join(', ')}` : t(`decisions.legend.${verdict}`);
}

/** The map in words: what each node said, those with the highest scores first. */
export function NodeList({ marks, lit }: { marks: readonly NodeMark[]; lit: ReasonKey | undefined }) {
  const t = useTranslations() as unknown as Translate;
  const [part, setPart] = useState('');
  const field = useId();
  const found = marks
    .filter((mark) => mark.name.includes(part.trim()) && (!lit || isSaidBy(mark, lit)))
    .sort((a, b) => (b.total ?? -1) - (a.total ?? -1));
  const rows = found.slice(0, SHOWN).map((mark) => [
    <KindLink key="node" apiVersion="v1" kind="Node" name={mark.name} />,
    <span key="total" className="tabular">
      {mark.total ?? '–'}
    </span>,
    saidText(mark, t),
  ]);
  const more = found.length - rows.length;
  const head = [t('decisions.node'), t('decisions.total'), t('decisions.verdict')];
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={field} className="sr-only">
        {t('decisions.find')}
      </label>
      <input
        id={field}
        value={part}
        placeholder={t('decisions.find')}
        className={inputClass}
        onChange={({ target }) => setPart(target.value)}
      />
      <RowsPanel title={t('decisions.list')} head={head} rows={rows} none={t('decisions.noReasons')} />
      {more > 0 && <p className="text-xs text-ink-3">{t('decisions.more', { count: more })}</p>}
    </div>
  );
}

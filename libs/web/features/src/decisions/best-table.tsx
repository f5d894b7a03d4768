'use client';

import type { DecisionNodeScore, DecisionStatus } from '@binnacle/apis-kubernetes/decisions/v1';
import { useTranslations } from 'next-intl';
import { KindLink } from '../objects/links.js';
import { RowsPanel } from '../objects/rows-panel.js';

/** With no more digits than anybody reads. */
const short = (value: number): number => Number(value.toPrecision(6));

/** Opinions by plugin: those of no plugin that says the same of all these nodes help to see why one was chosen. */
function Opinion({ plugin }: { plugin: DecisionNodeScore['plugins'][number] }) {
  const t = useTranslations('decisions');
  const { weighted, score, weight, raw } = plugin;
  const text = t('weighted', {
    weighted: short(weighted),
    score: short(score),
    weight: short(weight),
    raw: short(raw),
  });
  return (
    <span className="tabular whitespace-nowrap text-ink-2" title={text}>
      {short(weighted)}
      <span className="sr-only"> {text}</span>
    </span>
  );
}

/** The best nodes, and what each plugin added. */
export function BestTable({ status: { bestNodes, nodeName } }: { status: DecisionStatus }) {
  const t = useTranslations('decisions');
  const plugins = bestNodes[0]?.plugins.map(({ plugin }) => plugin) ?? [];
  const rows = bestNodes.map(({ node, total, plugins: opinions }) => [
    <span key="node" className={node === nodeName ? 'font-semibold' : ''}>
      <KindLink apiVersion="v1" kind="Node" name={node} />
    </span>,
    <span key="total" className="tabular font-medium">
      {short(total)}
    </span>,
    ...opinions.map((plugin) => <Opinion key={plugin.plugin} plugin={plugin} />),
  ]);
  return <RowsPanel title={t('best')} head={[t('node'), t('total'), ...plugins]} rows={rows} none={t('noBest')} />;
}

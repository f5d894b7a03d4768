'use client';

import type { DecisionStatus } from '@binnacle/apis-kubernetes/decisions/v1';
import { Button } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { KindLink } from '../objects/links.js';
import { RowsPanel } from '../objects/rows-panel.js';
import { Quiet } from '../objects/text.js';
import type { ReasonKey } from './node-marks.js';

interface ReasonTableProps {
  readonly status: DecisionStatus;
  readonly lit: ReasonKey | undefined;
  /** Absent where there is no map to show nodes on. */
  readonly light: ((reason: ReasonKey | undefined) => void) | undefined;
}

function Nodes({ names }: { names: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-x-2">
      {names.map((name) => (
        <KindLink key={name} apiVersion="v1" kind="Node" name={name} />
      ))}
    </span>
  );
}

/** How many nodes refused, for which reason. */
export function ReasonTable({ status, lit, light }: ReasonTableProps) {
  const t = useTranslations('decisions');
  const rows = status.rejections.map(({ plugin, reason, nodes, exampleNodes }) => {
    const isLit = lit?.plugin === plugin && lit.reason === reason;
    const count = light ? (
      <Button
        key="count"
        variant="ghost"
        aria-pressed={isLit}
        aria-label={`${nodes}: ${t('show')}: ${reason}`}
        className="tabular -my-1.5 -ml-2.5 aria-pressed:bg-selected"
        onClick={() => light(isLit ? undefined : { plugin, reason })}
      >
        {nodes}
      </Button>
    ) : (
      <span key="count" className="tabular">
        {nodes}
      </span>
    );
    return [reason, <Quiet key="plugin">{plugin}</Quiet>, count, <Nodes key="nodes" names={exampleNodes} />];
  });
  const more = status.moreRejections ? [[t('moreReasons', { count: status.moreRejections }), '', '', '']] : [];
  const head = [t('reason'), t('plugin'), t('count'), t('examples')];
  return <RowsPanel title={t('reasons')} head={head} rows={[...rows, ...more]} none={t('noReasons')} />;
}

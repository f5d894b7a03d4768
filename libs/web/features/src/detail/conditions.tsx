'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { Panel, StatusGlyph } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { conditionsOf, conditionTone, type ObjectCondition } from '../view/conditions.js';
import { Age } from '../objects/age.js';

function ConditionRow({ condition }: { condition: ObjectCondition }) {
  return (
    <li className="flex gap-2.5 border-b border-line/60 px-4 py-2 last:border-0">
      <StatusGlyph tone={conditionTone(condition)} className="mt-0.75" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{condition.type}</span>
          <span className="text-ink-2">{condition.status}</span>
          {condition.reason && <span className="text-ink-3">{condition.reason}</span>}
        </p>
        {condition.message && <p className="break-words text-ink-2">{condition.message}</p>}
      </div>
      <span className="text-xs text-ink-3">
        <Age time={condition.lastTransitionTime} />
      </span>
    </li>
  );
}

export function Conditions({ object }: { object: UnstructuredObject }) {
  const t = useTranslations('detail');
  const conditions = conditionsOf(object);
  if (conditions.length === 0) return null;
  return (
    <Panel title={t('conditions')} flush>
      <ul>
        {conditions.map((condition) => (
          <ConditionRow key={condition.type} condition={condition} />
        ))}
      </ul>
    </Panel>
  );
}

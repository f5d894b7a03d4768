'use client';

import { type Resource as Kind, resourceId, type UnstructuredObject, useKnowledge } from '@binnacle/web-data';
import { Panel } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { Answer } from '../known/answer.js';
import { AsOf } from '../known/as-of.js';
import { type MeasuredKind, measuredKind } from './measured-kinds.js';
import { UsageChart } from './usage-chart.js';
import { useUsageOf } from './use-usage.js';

const RESOURCES = ['cpu', 'memory'] as const;

/** What an object of a kind that is measured has used; nothing of any other, and nothing where nothing is measured. */
export function UsagePanel({ resource, object }: { resource: Kind; object: UnstructuredObject }) {
  const kind = measuredKind(resourceId(resource));
  return kind ? <Measured kind={kind} object={object} /> : null;
}

function Measured({ kind, object }: { kind: MeasuredKind; object: UnstructuredObject }) {
  const t = useTranslations('usage');
  const { namespace, name = '' } = object.metadata;
  const { view, usage } = useUsageOf(kind.resource, { namespace, name: kind.nameOf(object) });
  const knowledge = useKnowledge(view);
  if (knowledge.certainty === 'absent' || (knowledge.certainty === 'current' && !usage)) return null;
  return (
    <Panel title={t('title')} actions={<AsOf knowledge={knowledge} />}>
      <Answer knowledge={knowledge} isEmpty={!usage} none={{ title: t('none') }} rows={3} compact>
        {usage && (
          <div className="grid gap-6 lg:grid-cols-2">
            {RESOURCES.map((each) => (
              <UsageChart
                key={each}
                name={name}
                usage={usage}
                resource={each}
                bounds={kind.boundsOf(object, usage, each)}
              />
            ))}
          </div>
        )}
      </Answer>
    </Panel>
  );
}

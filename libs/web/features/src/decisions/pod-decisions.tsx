'use client';

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_CONFIG_MIRROR } from '@binnacle/apis-kubernetes/well-known';
import type { Resource } from '@binnacle/web-data';
import { Panel } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Answer } from '../known/answer.js';
import { AsOf } from '../known/as-of.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { AttemptTable } from './attempt-table.js';
import { DecisionView } from './decision-view.js';
import { useDecisionKind, useDecisions } from './use-decisions.js';

function Decisions({ pod, resource }: { pod: Pod; resource: Resource }) {
  const t = useTranslations('decisions');
  const { decisions, knowledge } = useDecisions(resource, pod);
  const [chosen, choose] = useState<string>();
  const shown = decisions.find(({ metadata }) => metadata.uid === chosen) ?? decisions[0];
  return (
    <Panel title={t('title')} actions={<AsOf knowledge={knowledge} />}>
      <Answer knowledge={knowledge} isEmpty={!shown} none={{ title: t('none'), hint: t('noneHint') }} rows={2} compact>
        {shown && (
          <div className="flex flex-col gap-4">
            <DecisionView key={shown.metadata.uid} decision={shown} resource={resource} />
            {decisions.length > 1 && <AttemptTable decisions={decisions} shown={shown} show={choose} />}
          </div>
        )}
      </Answer>
    </Panel>
  );
}

/** Why a Pod is where it is, and not elsewhere. A static Pod was never looked at by a scheduler. */
export function PodDecisions({ object }: PanelProps) {
  const resource = useDecisionKind();
  const pod = as<Pod>(object);
  if (!resource || pod.metadata.annotations?.[ANNOTATION_CONFIG_MIRROR]) return null;
  return <Decisions pod={pod} resource={resource} />;
}

'use client';

import { type Lane, lanePassage } from '@binnacle/apis-request-path';
import type { Knowledge } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { LivePanel } from '../known/answer.js';
import type { CountsOf } from './counts.js';
import { CountsContext } from './counts-context.js';
import { LaneView } from './lane-view.js';

/** So many ways are drawn at once; of more, those that are not open. */
const MOST_DRAWN = 3;

export function drawnOf(lanes: readonly Lane[]): ReadonlySet<string> {
  const wanted = lanes.length <= MOST_DRAWN ? lanes : lanes.filter((lane) => lanePassage(lane) !== 'open');
  return new Set(wanted.slice(0, MOST_DRAWN).map(({ id }) => id));
}

const nothing = () => undefined;

interface PathPanelProps {
  readonly lanes: readonly Lane[];
  readonly knowledge: Knowledge;
  readonly nameOf: (lane: Lane) => string;
  /** What has gone by the boxes of a way. */
  /** Below the steps of a way. */
  readonly below?: (lane: Lane) => ReactNode;
  readonly countsOf?: (lane: Lane) => CountsOf;
}

/** The ways of requests, and where they break. What may not be seen of them is said where it would stand. */
export function PathPanel({ lanes, knowledge, nameOf, below, countsOf = () => nothing }: PathPanelProps) {
  const t = useTranslations('path');
  const drawn = drawnOf(lanes);
  const shown: Knowledge = knowledge.certainty === 'refused' ? { ...knowledge, certainty: 'partial' } : knowledge;
  return (
    <LivePanel title={t('title')} knowledge={shown} count={lanes.length} none={{ title: t('none') }}>
      {lanes.map((lane) => (
        <CountsContext key={lane.id} value={countsOf(lane)}>
          <LaneView lane={lane} name={nameOf(lane)} open={drawn.has(lane.id)}>
            {below?.(lane)}
          </LaneView>
        </CountsContext>
      ))}
    </LivePanel>
  );
}

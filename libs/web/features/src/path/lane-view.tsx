'use client';

import { brokenAt, type Lane, lanePassage } from '@binnacle/apis-request-path';
import { Status, StatusGlyph } from '@binnacle/web-ui';
import { ChevronRight } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { Fragment, type ReactNode } from 'react';
import type { Translate } from '../messages/index.js';
import { Mono } from '../objects/text.js';
import { faultText, LEVEL_TONES, laneTold, PASSAGE_TONES } from './fault-text.js';
import { type LinkState, StageColumn, StageLink } from './stage-column.js';

/** Requests come as far as the first step that nothing gets past. */
function linkState(index: number, broken: number): LinkState {
  if (broken < 0 || index < broken) return 'open';
  return index === broken ? 'cut' : 'beyond';
}

/** The steps as a row where there is room, else one below the other. */
function Steps({ lane, name }: { lane: Lane; name: string }) {
  const t = useTranslations('path');
  const broken = brokenAt(lane);
  // Nothing comes after the last step: what breaks there breaks on the way to it.
  const cut = broken === lane.stages.length - 1 ? broken - 1 : broken;
  return (
    <ol aria-label={t('stepsOf', { lane: name })} className="flex flex-col @4xl:flex-row">
      {lane.stages.map((stage, index) => (
        <li key={stage.kind} className="flex min-w-0 flex-1 flex-col @4xl:flex-row">
          {index > 0 && <StageLink state={linkState(index - 1, cut)} />}
          <StageColumn stage={stage} />
        </li>
      ))}
    </ol>
  );
}

function Faults({ lane }: { lane: Lane }) {
  const t = useTranslations() as unknown as Translate;
  const format = useFormatter();
  const told = laneTold(t, lane);
  if (told.length === 0) return null;
  const time = (date: Date) => format.dateTime(date, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <ul className="flex flex-col gap-1 text-sm">
      {told.map(({ fault, where }, index) => (
        <li key={`${fault.code} ${index}`} className="flex items-start gap-2">
          <StatusGlyph tone={LEVEL_TONES[fault.level]} className="mt-0.75" />
          <p className="min-w-0 break-words">
            <span className="font-medium">{where}</span> <span className="text-ink-2">{faultText(t, fault, time)}</span>
          </p>
        </li>
      ))}
    </ul>
  );
}

interface LaneViewProps {
  readonly lane: Lane;
  readonly name: string;
  readonly open: boolean;
  /** Below the steps. */
  readonly children?: ReactNode;
}

/** One way of requests, which folds away. */
export function LaneView({ lane, name, open, children }: LaneViewProps) {
  const t = useTranslations() as unknown as Translate;
  const passage = lanePassage(lane);
  const broken = lane.stages[brokenAt(lane)];
  const words = broken ? t('path.brokenAt', { step: t(`path.steps.${broken.kind}`) }) : t(`path.passages.${passage}`);
  return (
    <details open={open} className="group border-b border-line/60 last:border-0">
      <summary className="flex min-h-10 cursor-pointer list-none flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2 text-sm hover:bg-hover">
        <ChevronRight className="size-4 shrink-0 text-ink-3 group-open:rotate-90" aria-hidden="true" />
        <span className="min-w-0 font-medium break-all">
          <Mono>{name}</Mono>
        </span>
        <Status tone={PASSAGE_TONES[passage]}>{words}</Status>
      </summary>
      <div className="@container">
        <div className="flex flex-col gap-3 px-4 pt-1 pb-4">
          <Fragment>
            <Steps lane={lane} name={name} />
            <Faults lane={lane} />
            {children}
          </Fragment>
        </div>
      </div>
    </details>
  );
}

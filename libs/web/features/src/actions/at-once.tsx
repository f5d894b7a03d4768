'use client';

import { type ApiTarget, setDisabled, setSuspended, setUnschedulable } from '@binnacle/web-data';
import { CircleCheck, Play, UserRoundCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { Abilities } from './abilities.js';
import { useAction } from './use-action.js';

/** What lifts a hindrance: it is done as soon as it is asked for. */
export interface AtOnce {
  readonly name: 'uncordon' | 'resume' | 'enable';
  readonly label: string;
  readonly icon: ReactNode;
  readonly run: () => void;
}

/** What can be done to an object without a question: it only lets go on what was held up. */
export function useAtOnce(can: Abilities, target: ApiTarget): readonly AtOnce[] {
  const t = useTranslations();
  const uncordon = useAction(t('actions.uncordon'));
  const resume = useAction(t('batch.resume'));
  const enabling = useAction(t('people.enable'));
  const { name = '' } = target;
  const enable = async () => {
    await setDisabled(target, false);
    return { done: t('people.enableDone', { name }) };
  };
  const allow = async () => {
    await setUnschedulable(target, false);
    return { done: t('actions.uncordonDone', { name }) };
  };
  const goOn = async () => {
    await setSuspended(target, false);
    return { done: t('batch.resumeDone', { name }) };
  };
  return [
    ...(can.cordoned
      ? [
          {
            name: 'uncordon' as const,
            label: t('actions.uncordon'),
            icon: <CircleCheck aria-hidden="true" />,
            run: () => void uncordon.run(allow),
          },
        ]
      : []),
    ...(can.suspended
      ? [
          {
            name: 'resume' as const,
            label: t('batch.resume'),
            icon: <Play aria-hidden="true" />,
            run: () => void resume.run(goOn),
          },
        ]
      : []),
    ...(can.person === 'disabled'
      ? [
          {
            name: 'enable' as const,
            label: t('people.enable'),
            icon: <UserRoundCheck aria-hidden="true" />,
            run: () => void enabling.run(enable),
          },
        ]
      : []),
  ];
}

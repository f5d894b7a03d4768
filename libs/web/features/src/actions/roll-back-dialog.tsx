'use client';

import { rollBack } from '@binnacle/web-data';
import { cx } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { Suspense, useState } from 'react';
import { Answer } from '../known/answer.js';
import { Age } from '../objects/age.js';
import { Mono } from '../objects/text.js';
import { LateTemplateDiff } from '../workloads/late-template-diff.js';
import type { Revision } from '../workloads/revisions.js';
import { useRevisions } from '../workloads/use-revisions.js';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';
import { useAction } from './use-action.js';

function Choice(props: { choice: Revision; chosen: boolean; onChoose: () => void }) {
  const { choice, chosen } = props;
  const t = useTranslations();
  return (
    <label
      className={cx(
        'flex cursor-pointer items-start gap-3 rounded-md px-3 py-2 hover:bg-hover',
        chosen && 'bg-selected',
      )}
    >
      <input type="radio" name="revision" checked={chosen} onChange={props.onChoose} className="mt-1 accent-accent" />
      <span className="min-w-0 flex-1">
        <span className="flex justify-between gap-3 font-medium">
          <span>{`${t('columns.revision')} ${choice.revision}`}</span>
          <span className="font-normal text-ink-3">
            <Age time={choice.createdAt} />
          </span>
        </span>
        <span className="block break-all text-ink-2">
          <Mono>{choice.images.join(', ')}</Mono>
        </span>
        {choice.cause && <span className="block text-xs break-words text-ink-3">{choice.cause}</span>}
      </span>
    </label>
  );
}

function Difference({ from, to }: { from: Revision | undefined; to: Revision | undefined }) {
  const t = useTranslations('rollout');
  if (!from || !to) return null;
  return (
    <div className="flex flex-col gap-1">
      <span className="text-xs text-ink-3">{t('whatChanges')}</span>
      <Suspense>
        <LateTemplateDiff
          label={t('fromTo', { from: from.revision, to: to.revision })}
          before={from.template}
          after={to.template}
        />
      </Suspense>
    </div>
  );
}

export function RollBackDialog({ object, resource, target, choice, onClose }: ActionTarget) {
  const t = useTranslations();
  const { revisions, knowledge } = useRevisions(object);
  const none = knowledge.certainty === 'current' ? t('actions.rollBackNone') : t('app.loading');
  const choices = revisions.filter(({ isCurrent }) => !isCurrent);
  const [revision, setRevision] = useState(choice ?? '');
  const { busy, run } = useAction(t('actions.rollBack'));
  const name = object.metadata.name ?? '';
  const chosen = choices.find((each) => each.revision === revision) ?? choices[0];
  const submit = async () => {
    if (!chosen) return;
    const done = await run(async () => {
      await rollBack(target, chosen.template);
      return { done: t('actions.rollBackDone', { name, revision: chosen.revision }) };
    });
    if (done) onClose();
  };
  return (
    <ActionDialog
      title={t('actions.rollBackTitle', { name })}
      lead={t('actions.rollBackLead')}
      submit={t('actions.rollBackSubmit')}
      wide
      busy={busy}
      blocked={chosen ? undefined : none}
      {...(chosen && { command: kubectl.rollBack(resource, object, chosen.revision) })}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <Answer
        knowledge={knowledge}
        isEmpty={choices.length === 0}
        none={{ title: t('actions.rollBackNone') }}
        rows={2}
        compact
      >
        <div role="radiogroup" aria-label={t('columns.revision')} className="-mx-3 flex flex-col">
          {choices.map((each) => (
            <Choice
              key={each.revision}
              choice={each}
              chosen={each === chosen}
              onChoose={() => setRevision(each.revision)}
            />
          ))}
        </div>
        <Difference from={revisions.find(({ isCurrent }) => isCurrent)} to={chosen} />
      </Answer>
    </ActionDialog>
  );
}

'use client';

import { rollBack, useKnowledge, useLive } from '@binnacle/web-data';
import { cx } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Answer } from '../known/answer.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { Age } from '../objects/age.js';
import { Mono } from '../objects/text.js';
import { rollbackChoices, type RollbackChoice } from '../workloads/revisions.js';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';
import { useAction } from './use-action.js';

function Choice(props: { choice: RollbackChoice; chosen: boolean; onChoose: () => void }) {
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
      </span>
    </label>
  );
}

export function RollBackDialog({ object, resource, target, onClose }: ActionTarget) {
  const t = useTranslations();
  const view = useLive(useQueryOf('replicasets.apps', { namespace: object.metadata.namespace ?? '' }));
  const knowledge = useKnowledge(view);
  const none = knowledge.certainty === 'current' ? t('actions.rollBackNone') : t('app.loading');
  const choices = rollbackChoices(object, view.items);
  const [revision, setRevision] = useState('');
  const { busy, run } = useAction(t('actions.rollBack'));
  const name = object.metadata.name ?? '';
  const chosen = choices.find((choice) => choice.revision === revision) ?? choices[0];
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
          {choices.map((choice) => (
            <Choice
              key={choice.revision}
              choice={choice}
              chosen={choice === chosen}
              onChoose={() => setRevision(choice.revision)}
            />
          ))}
        </div>
      </Answer>
    </ActionDialog>
  );
}

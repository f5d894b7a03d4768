'use client';

import { rollBack, type UnstructuredObject, useLive } from '@binnacle/web-data';
import { cx, SkeletonRows } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useQueryOf } from '../list/related-table.js';
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
  const { items, phase } = useLive(useQueryOf('replicasets.apps', { namespace: object.metadata.namespace ?? '' }));
  const choices = rollbackChoices(object, items as readonly UnstructuredObject[]);
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
      blocked={chosen ? undefined : t('actions.rollBackNone')}
      {...(chosen && { command: kubectl.rollBack(resource, object, chosen.revision) })}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      {phase === 'loading' ? (
        <SkeletonRows rows={2} label={t('app.loading')} />
      ) : choices.length === 0 ? (
        <p className="text-sm text-ink-3">{t('actions.rollBackNone')}</p>
      ) : (
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
      )}
    </ActionDialog>
  );
}

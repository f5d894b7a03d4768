'use client';

import { create, type UnstructuredObject } from '@binnacle/web-data';
import { TextField } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useNavigation } from '../objects/navigate.js';
import { usePages } from '../objects/use-pages.js';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';
import { jobAgain, jobFromTemplate, runName, selectsByHand } from './new-job.js';
import { randomSuffix } from './random-suffix.js';
import { useAction } from './use-action.js';

/** What of the two it is: a Job from the template of a CronJob, or the same Job once more. */
function plan(object: UnstructuredObject) {
  const fromTemplate = object.kind === 'CronJob';
  return { fromTemplate, make: fromTemplate ? jobFromTemplate : jobAgain };
}

/** Makes a Job now: of a CronJob's template, or like one there is. */
export function MakeJobDialog({ object, target, onClose }: ActionTarget) {
  const t = useTranslations();
  const pages = usePages();
  const router = useNavigation();
  const [name, setName] = useState(() => runName(object.metadata.name ?? '', randomSuffix()));
  const { fromTemplate, make } = plan(object);
  const { busy, run } = useAction(t(fromTemplate ? 'batch.runNow' : 'batch.runAgain'));
  const submit = async () => {
    const done = await run(async () => {
      const { name: _, ...place } = target;
      const job = await create(
        { ...place, group: 'batch', version: 'v1', resource: 'jobs' },
        make(object, name.trim()),
      );
      const href = pages.object(job);
      const open = href && { label: t('batch.openJob'), run: () => router.push(href) };
      return { done: t('batch.runDone', { name: name.trim() }), ...(open && { undo: open }) };
    });
    if (done) onClose();
  };
  const byHand = !fromTemplate && selectsByHand(object);
  const blocked = name.trim() ? (byHand ? t('batch.runByHand') : undefined) : t('batch.runNoName');
  return (
    <ActionDialog
      title={t(fromTemplate ? 'batch.runTitle' : 'batch.againTitle', { name: object.metadata.name ?? '' })}
      lead={t(fromTemplate ? 'batch.runLead' : 'batch.againLead')}
      submit={t('batch.runSubmit')}
      busy={busy}
      blocked={blocked}
      {...(fromTemplate && { command: kubectl.runNow(object, name.trim()) })}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextField
        id="job-name"
        label={t('batch.runName')}
        autoFocus
        value={name}
        autoComplete="off"
        spellCheck={false}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setName(event.target.value)}
      />
    </ActionDialog>
  );
}

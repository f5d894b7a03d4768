'use client';

import { apiTarget, objectKey, remove, type Resource, type UnstructuredObject, useCluster } from '@binnacle/web-data';
import { Button, IconButton, TextField } from '@binnacle/web-ui';
import { Trash2, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { isDangerous } from './abilities.js';
import { ActionDialog } from './action-dialog.js';
import { messageOf, useAction } from './use-action.js';

const LISTED = 8;

interface DeleteManyProps {
  readonly resource: Resource;
  readonly title: string;
  readonly objects: readonly UnstructuredObject[];
  readonly onClose: (done: boolean) => void;
}

function DeleteManyDialog({ resource, title, objects, onClose }: DeleteManyProps) {
  const t = useTranslations();
  const { cluster } = useCluster();
  const [subjects] = useState(objects);
  const [typed, setTyped] = useState('');
  const { busy, run } = useAction(t('actions.delete'));
  const dangerous = subjects.some((object) => isDangerous(resource, object));
  const word = String(subjects.length);
  const submit = async () => {
    const done = await run(async () => {
      const results = await Promise.allSettled(
        subjects.map((object) => remove(apiTarget(cluster, resource, object), object)),
      );
      const failed = results.filter((result) => result.status === 'rejected');
      const [first] = failed;
      if (first) {
        const figures = { failed: failed.length, count: subjects.length };
        throw new Error(t('actions.deleteSomeFailed', { ...figures, message: messageOf(first.reason) }));
      }
      return { done: t('actions.deleteManyDone', { count: subjects.length }) };
    });
    onClose(done);
  };
  return (
    <ActionDialog
      title={t('actions.deleteManyTitle', { count: subjects.length, kind: title })}
      lead={t('actions.deleteMany')}
      submit={t('actions.deleteSubmit')}
      danger
      busy={busy}
      blocked={dangerous && typed !== word ? t('actions.deleteTyped', { name: word }) : undefined}
      onSubmit={() => void submit()}
      onClose={() => onClose(false)}
    >
      <ul className="list-disc pl-5 text-sm text-ink-2">
        {subjects.slice(0, LISTED).map((object) => (
          <li key={objectKey(object)} className="break-all">
            {objectKey(object)}
          </li>
        ))}
        {subjects.length > LISTED && <li>{t('detail.showMore', { count: subjects.length - LISTED })}</li>}
      </ul>
      {dangerous && (
        <TextField
          id="typed-count"
          label={t('actions.deleteTyped', { name: word })}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
    </ActionDialog>
  );
}

interface SelectionBarProps {
  readonly resource: Resource;
  readonly title: string;
  readonly items: readonly UnstructuredObject[];
  readonly selected: ReadonlySet<string>;
  readonly onClear: () => void;
}

/** What can be done with the ticked rows; floats above the list's end. */
export function SelectionBar({ resource, title, items, selected, onClear }: SelectionBarProps) {
  const t = useTranslations();
  const [deleting, setDeleting] = useState(false);
  const objects = selected.size > 0 ? items.filter((item) => selected.has(objectKey(item))) : [];
  if (objects.length === 0 && !deleting) return null;
  return (
    <>
      <div
        role="toolbar"
        aria-label={t('actions.menu')}
        className="enter absolute bottom-4 left-1/2 z-20 flex -translate-x-1/2 items-center gap-2 rounded-lg bg-raised py-1.5 pr-1.5 pl-3.5 shadow-pop"
      >
        <span className="tabular text-sm font-medium whitespace-nowrap">
          {t('list.selected', { count: objects.length })}
        </span>
        <Button
          variant="secondary"
          className="text-error"
          icon={<Trash2 aria-hidden="true" />}
          disabledReason={resource.verbs.includes('delete') ? undefined : t('actions.cannotDelete')}
          onClick={() => setDeleting(true)}
        >
          {t('actions.delete')}
        </Button>
        <IconButton label={t('list.clearSelection')} onClick={onClear}>
          <X aria-hidden="true" />
        </IconButton>
      </div>
      {deleting && (
        <DeleteManyDialog
          resource={resource}
          title={title}
          objects={objects}
          onClose={(done) => {
            setDeleting(false);
            if (done) onClear();
          }}
        />
      )}
    </>
  );
}

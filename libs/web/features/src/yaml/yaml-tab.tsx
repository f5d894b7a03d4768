'use client';

import { apiTarget, type Resource, rightOn, type UnstructuredObject, useCluster } from '@binnacle/web-data';
import { Button, IconButton, NoticeBar } from '@binnacle/web-ui';
import { Download, GitCompare, Pencil, TriangleAlert, UsersRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { downloadText } from '../objects/download.js';
import { refusalProps, useRefusal } from '../rights/use-missing.js';
import { CodeEditor, type Mark } from './code-editor.js';
import { parseYaml, toYaml } from './document.js';
import { marksOf } from './server-errors.js';
import { useFieldSchemas } from './use-field-schemas.js';
import { useYamlEdit, type YamlEdit } from './use-yaml-edit.js';

function Complaints({ edit }: { edit: YamlEdit }) {
  const t = useTranslations('yaml');
  if (edit.complaints.length === 0) return null;
  return (
    <NoticeBar tone="error" role="alert" icon={<TriangleAlert aria-hidden="true" />}>
      {edit.complaints.some(({ local }) => !local) && <p className="font-medium">{t('rejected')}</p>}
      <ul>
        {edit.complaints.map(({ field, message, line }) => (
          <li key={field + message} className="break-words">
            {line !== undefined && <span className="mr-2 text-ink-2">{t('line', { line: String(line) })}</span>}
            {field && <code className="mr-1.5 font-mono text-xs">{field}</code>}
            {message}
          </li>
        ))}
      </ul>
    </NoticeBar>
  );
}

function Conflict({ edit, name }: { edit: YamlEdit; name: string }) {
  const t = useTranslations('yaml');
  if (!edit.conflict) return null;
  const actions = (
    <span className="flex flex-wrap justify-end gap-2">
      <Button onClick={edit.stop}>{t('takeTheirs')}</Button>
      <Button onClick={() => void edit.apply({ overwrite: true })} busy={edit.busy}>
        {t('overwrite')}
      </Button>
      {edit.merge && (
        <Button variant="primary" onClick={edit.merge}>
          {t('merge')}
        </Button>
      )}
    </span>
  );
  return (
    <NoticeBar tone="warn" role="alert" icon={<UsersRound aria-hidden="true" />} actions={actions}>
      <p className="font-medium">{t('conflict', { name })}</p>
      <p>{t(edit.merge ? 'mergeHint' : 'conflictHint')}</p>
    </NoticeBar>
  );
}

function EditButtons({ edit }: { edit: YamlEdit }) {
  const t = useTranslations('yaml');
  if (edit.review) {
    return (
      <>
        <Button onClick={edit.backToEditing}>{t('back')}</Button>
        <Button variant="primary" busy={edit.busy} onClick={() => void edit.apply()}>
          {t('apply')}
        </Button>
      </>
    );
  }
  return (
    <>
      <Button variant="ghost" onClick={edit.stop}>
        {t('stop')}
      </Button>
      <Button icon={<GitCompare aria-hidden="true" />} busy={edit.busy} onClick={() => void edit.tryOut()}>
        {t('review')}
      </Button>
      <Button variant="primary" busy={edit.busy} onClick={() => void edit.apply()}>
        {t('apply')}
      </Button>
    </>
  );
}

function Reviewed({ review, label }: { review: NonNullable<YamlEdit['review']>; label: string }) {
  const t = useTranslations('yaml');
  const same = review.before === review.after;
  return (
    <>
      <NoticeBar tone="info" role="status" icon={<GitCompare aria-hidden="true" />}>
        <span className="font-medium">{t('diff')}. </span>
        {same ? t('noChange') : t('diffLead')}
      </NoticeBar>
      <div className="min-h-0 flex-1">
        <CodeEditor key="review" label={label} value={review.after} original={review.before} readOnly />
      </div>
    </>
  );
}

/** What the reader says of a text before any server is asked. */
function misread(text: string): Mark[] {
  const parsed = parseYaml(text);
  return 'object' in parsed ? [] : [parsed];
}

export function YamlTab({ object, resource, gone }: { object: UnstructuredObject; resource: Resource; gone: boolean }) {
  const t = useTranslations('yaml');
  const { cluster } = useCluster();
  const [managed, setManaged] = useState(false);
  const edit = useYamlEdit(object, apiTarget(cluster, resource, object));
  const fields = useFieldSchemas(resource);
  const shown = useMemo(() => toYaml(object, managed), [object, managed]);
  const marks = useMemo(() => marksOf(edit.complaints), [edit.complaints]);
  const name = object.metadata.name ?? '';
  const label = t('editor', { name });
  const editable = resource.verbs.includes('update') && !gone;
  const refusal = useRefusal([rightOn('update', resource, object.metadata)]);
  return (
    <div className="flex min-h-96 flex-1 flex-col md:min-h-0">
      <div className="flex flex-wrap items-center gap-2 px-4 py-2 md:px-6">
        {!edit.editing && (
          <label className="flex items-center gap-2 text-sm text-ink-2">
            <input type="checkbox" checked={managed} onChange={() => setManaged(!managed)} className="accent-accent" />
            {t('managed')}
          </label>
        )}
        <span className="flex-1" />
        <IconButton
          label={t('download')}
          onClick={() => downloadText(`${name}.yaml`, edit.editing ? edit.text : shown)}
        >
          <Download aria-hidden="true" />
        </IconButton>
        {edit.editing ? (
          <EditButtons edit={edit} />
        ) : (
          <Button
            icon={<Pencil aria-hidden="true" />}
            disabledReason={editable ? undefined : t('readOnly')}
            onClick={edit.start}
            {...(editable && refusalProps(refusal))}
          >
            {t('edit')}
          </Button>
        )}
      </div>
      <Conflict edit={edit} name={name} />
      <Complaints edit={edit} />
      {edit.review ? (
        <Reviewed review={edit.review} label={label} />
      ) : (
        <div className="min-h-0 flex-1 border-t border-line bg-surface">
          <CodeEditor
            key={edit.editing ? 'edit' : 'view'}
            label={label}
            value={edit.editing ? edit.text : shown}
            readOnly={!edit.editing}
            marks={marks}
            check={misread}
            fields={fields}
            onChange={edit.change}
          />
        </div>
      )}
    </div>
  );
}

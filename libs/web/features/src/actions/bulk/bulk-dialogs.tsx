'use client';

import {
  apiTarget,
  mark,
  remove,
  type Resource,
  restart,
  scale,
  type UnstructuredObject,
  useCluster,
} from '@binnacle/web-data';
import { cx, inputClass, TextField } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { replicaCounts } from '../../workloads/workload-status.js';
import { isDangerous } from '../abilities.js';
import { BulkDialog, type BulkDialogProps, type Change } from './bulk-dialog.js';
import { bulkCommand } from './bulk-command.js';
import { changesIn, MarksProblem, parseMarks } from './parse-marks.js';

export interface BulkProps {
  readonly resource: Resource;
  /** What several of the kind are called. */
  readonly kinds: string;
  readonly objects: readonly UnstructuredObject[];
  readonly onClose: BulkDialogProps['onClose'];
}

const isPaused = ({ spec }: UnstructuredObject): boolean => (spec as { paused?: boolean } | undefined)?.paused === true;

/** New Pods in place of the old, of each; one that is paused would not begin. */
export function BulkRestart({ resource, kinds, objects, onClose }: BulkProps) {
  const t = useTranslations('bulk');
  const { cluster } = useCluster();
  const [at] = useState(() => new Date());
  const changeOf = (object: UnstructuredObject): Change =>
    isPaused(object)
      ? { text: t('paused'), skip: true }
      : { text: t('replaced', { count: replicaCounts(object).desired }) };
  return (
    <BulkDialog
      title={t('restartTitle', { count: objects.length, kinds })}
      lead={t('restartLead')}
      submit={(count) => t('restartSubmit', { count })}
      command={bulkCommand('kubectl rollout restart', resource, objects)}
      objects={objects}
      changeOf={changeOf}
      act={(object, options) => restart(apiTarget(cluster, resource, object), at, options)}
      onClose={onClose}
    />
  );
}

const MOST_REPLICAS = 10_000;

/** The same number of replicas for each. */
export function BulkScale({ resource, kinds, objects, onClose }: BulkProps) {
  const t = useTranslations();
  const { cluster } = useCluster();
  const [text, setText] = useState(() => String(replicaCounts(objects[0] ?? ({} as UnstructuredObject)).desired));
  const to = /^\d{1,5}$/.test(text.trim()) ? Number(text) : Number.NaN;
  const valid = to <= MOST_REPLICAS;
  const changeOf = (object: UnstructuredObject): Change => {
    const from = replicaCounts(object).desired;
    if (from === to) return { text: t('bulk.unchanged', { value: String(from) }), skip: true };
    return { text: valid ? `${from} → ${to}` : String(from) };
  };
  return (
    <BulkDialog
      title={t('bulk.scaleTitle', { count: objects.length, kinds })}
      lead={t('bulk.scaleLead')}
      submit={(count) => t('bulk.scaleSubmit', { count })}
      blocked={valid ? undefined : t('actions.scaleInvalid')}
      command={bulkCommand('kubectl scale', resource, objects, `--replicas=${valid ? to : ''}`)}
      objects={objects}
      changeOf={changeOf}
      act={(object, options) => scale(apiTarget(cluster, resource, object), to, options)}
      onClose={onClose}
    >
      <TextField
        id="bulk-replicas"
        label={t('actions.scaleLabel')}
        inputMode="numeric"
        autoFocus
        value={text}
        error={valid ? undefined : t('actions.scaleInvalid')}
        className="max-w-28"
        onFocus={(event) => event.target.select()}
        onChange={(event) => setText(event.target.value)}
      />
    </BulkDialog>
  );
}

type Where = 'labels' | 'annotations';

function WhereChoice({ where, onChoose }: { where: Where; onChoose: (where: Where) => void }) {
  const t = useTranslations();
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor="bulk-where" className="text-xs font-medium text-ink-2">
        {t('bulk.where')}
      </label>
      <select
        id="bulk-where"
        value={where}
        onChange={(event) => onChoose(event.target.value as Where)}
        className={cx(inputClass, 'pr-1')}
      >
        <option value="labels">{t('detail.labels')}</option>
        <option value="annotations">{t('detail.annotations')}</option>
      </select>
    </div>
  );
}

/** What becomes of each label that changes, `key: before → after`. */
function told(object: UnstructuredObject, where: Where, changes: Readonly<Record<string, string | null>>): string {
  const present = object.metadata[where] ?? {};
  return Object.entries(changes)
    .map(([key, value]) => `${key}: ${present[key] ?? '–'} → ${value ?? '–'}`)
    .join(', ');
}

/** Labels or annotations that are set or taken away, of each. */
export function BulkMark({ resource, kinds, objects, onClose }: BulkProps) {
  const t = useTranslations();
  const { cluster } = useCluster();
  const [where, setWhere] = useState<Where>('labels');
  const [text, setText] = useState('');
  const read = parseMarks(text);
  const marks = read instanceof MarksProblem ? {} : read;
  const problem = read instanceof MarksProblem ? t(`bulk.problem.${read.problem}`, { text: read.text }) : undefined;
  const none = Object.keys(marks).length === 0 ? t('bulk.noMarks') : undefined;
  const changeOf = (object: UnstructuredObject): Change => {
    const changes = changesIn(marks, object.metadata[where]);
    const skip = Object.keys(changes).length === 0;
    return skip ? { text: none ? '' : t('bulk.asItIs'), skip: !none } : { text: told(object, where, changes) };
  };
  const verb = where === 'labels' ? 'kubectl label --overwrite' : 'kubectl annotate --overwrite';
  return (
    <BulkDialog
      title={t('bulk.markTitle', { count: objects.length, kinds })}
      lead={t('bulk.markLead')}
      submit={(count) => t('bulk.markSubmit', { count })}
      blocked={problem ?? none}
      command={bulkCommand(verb, resource, objects, text.trim())}
      objects={objects}
      changeOf={changeOf}
      act={(object, options) => mark(apiTarget(cluster, resource, object), { [where]: marks }, options)}
      onClose={onClose}
    >
      <div className="grid gap-3 sm:grid-cols-[10rem_minmax(0,1fr)]">
        <WhereChoice where={where} onChoose={setWhere} />
        <TextField
          id="bulk-marks"
          label={t('bulk.marks')}
          hint={t('bulk.marksHint')}
          error={problem}
          autoFocus
          value={text}
          autoComplete="off"
          spellCheck={false}
          className="font-mono"
          onChange={(event) => setText(event.target.value)}
        />
      </div>
    </BulkDialog>
  );
}

/** Each goes with everything it owns. Where the loss is great, how many they are must be typed. */
export function BulkDelete({ resource, kinds, objects, onClose }: BulkProps) {
  const t = useTranslations();
  const { cluster } = useCluster();
  const [typed, setTyped] = useState('');
  const word = String(objects.length);
  const dangerous = objects.some((object) => isDangerous(resource, object));
  const tried = (dryRun: boolean) => (dryRun ? { dryRun: ['All'] } : {});
  return (
    <BulkDialog
      title={t('actions.deleteManyTitle', { count: objects.length, kind: kinds })}
      lead={t('actions.deleteMany')}
      submit={(count) => t('bulk.deleteSubmit', { count })}
      danger
      blocked={dangerous && typed !== word ? t('actions.deleteTyped', { name: word }) : undefined}
      command={bulkCommand('kubectl delete', resource, objects)}
      objects={objects}
      changeOf={() => ({ text: t('bulk.goes') })}
      act={(object, { dryRun }) => remove(apiTarget(cluster, resource, object), object, tried(dryRun))}
      onClose={onClose}
    >
      {dangerous && (
        <TextField
          id="typed-count"
          label={t('actions.deleteTyped', { name: word })}
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
    </BulkDialog>
  );
}

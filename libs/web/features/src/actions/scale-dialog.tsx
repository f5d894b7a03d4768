'use client';

import { scale } from '@binnacle/web-data';
import { Button, TextField } from '@binnacle/web-ui';
import { Minus, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { replicaCounts } from '../workloads/workload-status.js';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';
import { useAction } from './use-action.js';

const MOST = 10_000;

function useConsequence(from: number, to: number): string {
  const t = useTranslations('actions');
  if (to === from) return t('scaleSame');
  if (to === 0) return t('scaleZero');
  return to < from ? t('scaleDown', { count: from - to }) : t('scaleUp', { count: to - from });
}

export function ScaleDialog({ object, resource, target, onClose }: ActionTarget) {
  const t = useTranslations('actions');
  const [from] = useState(() => replicaCounts(object).desired);
  const [text, setText] = useState(String(from));
  const { busy, run } = useAction(t('scale'));
  const name = object.metadata.name ?? '';
  const to = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  const valid = to >= 0 && to <= MOST;
  const consequence = useConsequence(from, valid ? to : from);
  const set = (value: number) => setText(String(Math.min(Math.max(value, 0), MOST)));
  const submit = async () => {
    const undo = { label: t('undo'), run: () => void run(() => apply(from)) };
    const apply = async (count: number) => {
      await scale(target, count);
      return { done: t('scaleDone', { name, count: String(count) }) };
    };
    if (await run(async () => ({ ...(await apply(to)), undo }))) onClose();
  };
  return (
    <ActionDialog
      title={t('scaleTitle', { name })}
      lead={t('scaleNow', { count: from })}
      submit={t('scaleSubmit')}
      busy={busy}
      blocked={valid ? (to === from ? t('scaleSame') : undefined) : t('scaleInvalid')}
      command={kubectl.scale(resource, object, valid ? to : from)}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <div className="flex items-end gap-2">
        <div className="w-28">
          <TextField
            id="replicas"
            label={t('scaleLabel')}
            inputMode="numeric"
            autoFocus
            value={text}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowUp' && valid) set(to + 1);
              if (event.key === 'ArrowDown' && valid) set(to - 1);
            }}
          />
        </div>
        <Button aria-label="−1" className="w-8 px-0!" icon={<Minus />} onClick={() => valid && set(to - 1)} />
        <Button aria-label="+1" className="w-8 px-0!" icon={<Plus />} onClick={() => valid && set(to + 1)} />
      </div>
      <p role="status" className={valid ? 'text-sm text-ink-2' : 'text-sm text-error'}>
        {valid ? consequence : t('scaleInvalid')}
      </p>
    </ActionDialog>
  );
}

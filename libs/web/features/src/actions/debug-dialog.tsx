'use client';

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { addEphemeralContainer } from '@binnacle/web-data';
import { cx, inputClass, TextField } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { attachTerminal } from '../terminal/open-terminal.js';
import { defaultContainer } from '../terminal/pod-containers.js';
import { as } from '../view/kind-view.js';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';
import { randomSuffix } from './random-suffix.js';
import { useAction } from './use-action.js';

function Target({ pod, value, onChange }: { pod: Pod; value: string; onChange: (value: string) => void }) {
  const t = useTranslations('actions');
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor="debug-target" className="text-xs font-medium text-ink-2">
        {t('debugTarget')}
      </label>
      <select
        id="debug-target"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={cx(inputClass, 'pr-1')}
      >
        {(pod.spec?.containers ?? []).map(({ name }) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
        <option value="">{t('debugNoTarget')}</option>
      </select>
    </div>
  );
}

/** Adds a container with tools to a Pod whose own have none. */
export function DebugDialog({ object, target, onClose }: ActionTarget) {
  const t = useTranslations('actions');
  const pod = as<Pod>(object);
  const [image, setImage] = useState('busybox');
  const [beside, setBeside] = useState(() => defaultContainer(pod));
  const { busy, run } = useAction(t('debug'));
  const submit = async () => {
    const name = `debugger-${randomSuffix()}`;
    const add = async () => {
      await addEphemeralContainer(target, { name, image: image.trim(), target: beside });
      return { done: t('debugDone', { name }) };
    };
    if (!(await run(add))) return;
    onClose();
    attachTerminal(object, name);
  };
  return (
    <ActionDialog
      title={t('debugTitle', { name: object.metadata.name ?? '' })}
      lead={t('debugLead')}
      submit={t('debugSubmit')}
      busy={busy}
      blocked={image.trim() ? undefined : t('debugNoImage')}
      command={kubectl.debug(object, image.trim(), beside)}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <TextField
        id="debug-image"
        label={t('debugImage')}
        autoFocus
        value={image}
        spellCheck={false}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setImage(event.target.value)}
      />
      <Target pod={pod} value={beside} onChange={setBeside} />
    </ActionDialog>
  );
}

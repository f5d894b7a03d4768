'use client';

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { type UnstructuredObject, useCluster, useKnowledge, useLive, useLiveClient } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { useMemo, useState } from 'react';
import { drainPlan, lossesIn, type Loss, type PodFate } from '../drain/drain-plan.js';
import { DrainPreview } from '../drain/drain-preview.js';
import { startDrain } from '../drain/start-drain.js';
import { useDrains } from '../drain/use-drains.js';
import { Answer } from '../known/answer.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { ActionDialog } from './action-dialog.js';
import type { ActionTarget } from './action-target.js';
import { kubectl } from './commands.js';

/** What kubectl calls the consent to each loss. */
const FLAGS: Readonly<Record<Loss, string>> = { emptyDir: '--delete-emptydir-data', unmanaged: '--force' };

/** What would become of the node's Pods now: it changes while the question is open. */
function useFates({ metadata: { name = '' } }: UnstructuredObject) {
  const query = useQueryOf('pods', { fieldSelector: `spec.nodeName=${name}` });
  const pods = useLive(query);
  const budgets = useLive(useQueryOf('poddisruptionbudgets.policy', {}));
  const knowledge = useKnowledge(pods, budgets);
  const fates = useMemo(
    () =>
      drainPlan(pods.items as unknown as readonly Pod[], budgets.items as unknown as readonly PodDisruptionBudget[]),
    [pods.items, budgets.items],
  );
  return { fates, knowledge, query };
}

function Consent(props: { loss: Loss; given: boolean; onGive: (given: boolean) => void }) {
  const t = useTranslations('drain');
  return (
    <label className="flex items-start gap-2 text-sm">
      <input
        type="checkbox"
        className="mt-1 accent-accent"
        checked={props.given}
        onChange={(event) => props.onGive(event.target.checked)}
      />
      {t(`consent.${props.loss}`)}
    </label>
  );
}

function useSummary(fates: readonly PodFate[]): string {
  const t = useTranslations('drain');
  const goes = fates.filter(({ stays }) => stays === undefined);
  const held = goes.filter(({ verdict }) => verdict && verdict.kind !== 'allows').length;
  return t('summary', { goes: goes.length, held, stays: fates.length - goes.length });
}

/** Says what becomes of each Pod before any is moved, and asks for consent to what is lost. */
export function DrainDialog({ object, resource, onClose }: ActionTarget) {
  const t = useTranslations('drain');
  const { cluster, resources } = useCluster();
  const live = useLiveClient();
  const { fates, knowledge, query } = useFates(object);
  const [given, setGiven] = useState<ReadonlySet<Loss>>(new Set());
  const name = object.metadata.name ?? '';
  const summary = useSummary(fates);
  const running = useDrains().some((drain) => drain.node === name && drain.isRunning);
  const losses = [...lossesIn(fates)];
  const missing = losses.find((loss) => !given.has(loss));
  const pods = resources.byId('pods');
  const blocked = () => {
    if (running) return t('running', { name });
    if (knowledge.certainty === 'loading' || !query || !pods) return t('loading');
    return missing && t('consentFirst');
  };
  const submit = () => {
    if (!query || !pods) return;
    const going = fates.filter(({ stays }) => stays === undefined).map(({ pod }) => pod);
    startDrain(live, { cluster, node: object, nodes: resource, pods, going, query });
    onClose();
  };
  return (
    <ActionDialog
      title={t('dialogTitle', { name })}
      lead={t('lead')}
      submit={t('submit')}
      wide
      busy={false}
      blocked={blocked()}
      command={kubectl.drain(
        object,
        losses.filter((loss) => given.has(loss)).map((loss) => FLAGS[loss]),
      )}
      onSubmit={submit}
      onClose={onClose}
    >
      <p role="status" className="text-sm font-medium">
        {knowledge.certainty === 'loading' ? t('loading') : summary}
      </p>
      <div className="max-h-72 overflow-y-auto rounded-md border border-line">
        <Answer knowledge={knowledge} isEmpty={fates.length === 0} none={{ title: t('nothing') }} rows={3} compact>
          <DrainPreview fates={fates} />
        </Answer>
      </div>
      {losses.map((loss) => (
        <Consent
          key={loss}
          loss={loss}
          given={given.has(loss)}
          onGive={(on) => setGiven(new Set(on ? [...given, loss] : [...given].filter((each) => each !== loss)))}
        />
      ))}
    </ActionDialog>
  );
}

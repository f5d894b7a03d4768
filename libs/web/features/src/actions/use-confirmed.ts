'use client';

import { useTranslations } from 'next-intl';
import { useAction } from './use-action.js';

interface Step {
  readonly run: () => Promise<unknown>;
  /** What is said afterwards. */
  readonly done: string;
}

interface Confirmed extends Step {
  /** What the dialog does, as its button in a menu says it. */
  readonly name: string;
  /** What takes it back. */
  readonly undo?: Step;
  readonly onClose: () => void;
}

/** What a dialog that asks once does when the answer is yes: it says how that went, offers to take it back, and closes. */
export function useConfirmed({ name, run: act, done, undo, onClose }: Confirmed) {
  const t = useTranslations('actions');
  const { busy, run } = useAction(name);
  const take = ({ run: back, done: said }: Step) => run(async () => (await back(), { done: said }));
  const submit = async () => {
    const went = await run(async () => {
      await act();
      return { done, undo: undo && { label: t('undo'), run: () => void take(undo) } };
    });
    if (went) onClose();
  };
  return { busy, submit: () => void submit() };
}

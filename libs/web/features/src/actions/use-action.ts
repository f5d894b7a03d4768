'use client';

import { showToast, type Toast } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useState } from 'react';

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Outcome {
  readonly done: string;
  readonly undo?: Toast['action'];
}

/** Runs an action once at a time and says how it went. Answers whether it went well. */
export function useAction(name: string) {
  const t = useTranslations('actions');
  const [busy, setBusy] = useState(false);
  const run = async (act: () => Promise<Outcome>): Promise<boolean> => {
    setBusy(true);
    try {
      const { done, undo } = await act();
      showToast({ tone: 'ok', text: done, ...(undo && { action: undo }) });
      return true;
    } catch (error) {
      showToast({ tone: 'error', text: t('failed', { action: name.replace('…', ''), message: messageOf(error) }) });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, run };
}

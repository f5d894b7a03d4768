'use client';

import type { TableLabels } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';

export function useTableLabels(table: string): TableLabels {
  const t = useTranslations('list');
  return useMemo(
    () => ({
      table,
      selectRow: t('selectRow'),
      selectAll: t('selectAll'),
      actions: t('actions'),
      held: (added, gone) => t('held', { added, gone }),
    }),
    [table, t],
  );
}

'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { Panel } from '@binnacle/web-ui';
import { formatYaml } from '@binnacle/machinery-yaml';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';

/** All that an object says beyond its name, for kinds the dashboard knows nothing more of. */
export function ContentsPanel({ object }: { object: UnstructuredObject }) {
  const t = useTranslations('detail');
  const text = useMemo(() => {
    const { apiVersion: _, kind: __, metadata: ___, ...contents } = object;
    return Object.keys(contents).length > 0 ? formatYaml(contents) : '';
  }, [object]);
  return (
    <Panel title={t('contents')}>
      {text ? (
        <pre tabIndex={0} className="overflow-x-auto font-mono text-xs leading-5 text-ink-2">
          {text}
        </pre>
      ) : (
        <p className="text-sm text-ink-3">{t('none')}</p>
      )}
    </Panel>
  );
}

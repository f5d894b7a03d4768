'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { Button, CopyButton, Empty, Panel } from '@binnacle/web-ui';
import { Eye, EyeOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';

function decode(value: string, isSecret: boolean): string {
  if (!isSecret) return value;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(value), (c) => c.charCodeAt(0)));
  } catch {
    // Not text: shown as it is stored, in base64.
    return value;
  }
}

/** What is no text is told by its size; its base64 says nothing to a reader. */
function BinaryEntries({ data }: { data: Readonly<Record<string, string>> }) {
  const t = useTranslations('detail');
  return Object.entries(data).map(([key, value]) => (
    <div key={key} className="border-b border-line/60 px-4 py-2.5 last:border-0">
      <dt className="font-medium break-all">{key}</dt>
      <dd className="mt-1 text-ink-3">{t('binary', { bytes: atob(value).length })}</dd>
    </div>
  ));
}

/** The entries of a ConfigMap, or of a Secret, whose values stay covered until they are asked for. */
export function DataPanel({ object }: { object: UnstructuredObject }) {
  const t = useTranslations();
  const isSecret = object.kind === 'Secret';
  const [shown, setShown] = useState(!isSecret);
  const entries = Object.entries((object.data ?? {}) as Record<string, string>);
  const binary = (object.binaryData ?? {}) as Record<string, string>;
  const count = entries.length + Object.keys(binary).length;
  const toggle = (
    <Button variant="ghost" className="h-7" icon={shown ? <EyeOff /> : <Eye />} onClick={() => setShown(!shown)}>
      {shown ? t('detail.hide') : t('detail.reveal')}
    </Button>
  );
  return (
    <Panel title={t('detail.data')} count={count} flush actions={isSecret && entries.length > 0 && toggle}>
      {count === 0 && <Empty compact title={t('detail.none')} />}
      <dl>
        {entries.map(([key, value]) => (
          <div key={key} className="border-b border-line/60 px-4 py-2.5 last:border-0">
            <dt className="flex items-center gap-1 font-medium break-all">
              {key}
              {shown && <CopyButton text={decode(value, isSecret)} label={`${t('app.copy')} ${key}`} />}
            </dt>
            <dd className="mt-1">
              {shown ? (
                <pre
                  tabIndex={0}
                  className="max-h-72 overflow-auto rounded-md bg-sunken p-2.5 font-mono text-xs break-all whitespace-pre-wrap"
                >
                  {decode(value, isSecret)}
                </pre>
              ) : (
                <span className="text-ink-3">{t('detail.hidden')}</span>
              )}
            </dd>
          </div>
        ))}
        <BinaryEntries data={binary} />
      </dl>
    </Panel>
  );
}

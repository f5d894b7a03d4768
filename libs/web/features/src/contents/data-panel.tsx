'use client';

import { apiTarget, getObject, type UnstructuredObject, useCluster } from '@binnacle/web-data';
import { Button, CopyButton, Empty, NoticeBar, Panel } from '@binnacle/web-ui';
import { useQuery } from '@tanstack/react-query';
import { Eye, EyeOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { PanelProps } from '../view/kind-view.js';

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

interface Revealed {
  /** Undefined where it is covered or still on its way. */
  readonly values: Readonly<Record<string, string>> | undefined;
  readonly error: Error | null;
}

/** What a Secret holds, asked for when it is to be shown and forgotten when it is not. */
function useRevealed(object: UnstructuredObject, wanted: boolean): Revealed {
  const { cluster, resources } = useCluster();
  const resource = resources.of(object);
  const { uid, resourceVersion } = object.metadata;
  const { data, error } = useQuery({
    queryKey: ['values', cluster, uid, resourceVersion],
    enabled: wanted && resource !== undefined,
    gcTime: 0,
    queryFn: ({ signal }) => {
      if (!resource) throw new Error('the server serves no such kind');
      return getObject(apiTarget(cluster, resource, object), signal);
    },
  });
  return { values: wanted ? ((data?.data ?? undefined) as Revealed['values']) : undefined, error };
}

interface EntryProps {
  readonly name: string;
  /** Undefined while it is covered. */
  readonly value: string | undefined;
  readonly isSecret: boolean;
}

function Entry({ name, value: stored, isSecret }: EntryProps) {
  const t = useTranslations();
  const value = stored === undefined ? undefined : decode(stored, isSecret);
  return (
    <div className="border-b border-line/60 px-4 py-2.5 last:border-0">
      <dt className="flex items-center gap-1 font-medium break-all">
        {name}
        {value !== undefined && <CopyButton text={value} label={`${t('app.copy')} ${name}`} />}
      </dt>
      <dd className="mt-1">
        {value === undefined ? (
          <span className="text-ink-3">{t('detail.hidden')}</span>
        ) : (
          <pre
            tabIndex={0}
            className="max-h-72 overflow-auto rounded-md bg-sunken p-2.5 font-mono text-xs break-all whitespace-pre-wrap"
          >
            {value}
          </pre>
        )}
      </dd>
    </div>
  );
}

function Refusal({ error }: { error: Error | null }) {
  if (!error) return null;
  return (
    <NoticeBar tone="error" role="alert">
      {error.message}
    </NoticeBar>
  );
}

/** The entries of a ConfigMap, or of a Secret, whose values stay with the server until they are asked for. */
export function DataPanel({ object }: PanelProps) {
  const t = useTranslations();
  const isSecret = object.kind === 'Secret';
  const [shown, setShown] = useState(false);
  const revealed = useRevealed(object, isSecret && shown);
  const data = (object.data ?? {}) as Record<string, string>;
  const values = isSecret ? revealed.values : data;
  const keys = Object.keys(data);
  const binary = (object.binaryData ?? {}) as Record<string, string>;
  const count = keys.length + Object.keys(binary).length;
  const toggle = (
    <Button variant="ghost" className="h-7" icon={shown ? <EyeOff /> : <Eye />} onClick={() => setShown(!shown)}>
      {shown ? t('detail.hide') : t('detail.reveal')}
    </Button>
  );
  return (
    <Panel title={t('detail.data')} count={count} flush actions={isSecret && keys.length > 0 && toggle}>
      {count === 0 && <Empty compact title={t('detail.none')} />}
      <Refusal error={shown ? revealed.error : null} />
      <dl>
        {keys.map((key) => (
          <Entry key={key} name={key} value={values?.[key]} isSecret={isSecret} />
        ))}
        <BinaryEntries data={binary} />
      </dl>
    </Panel>
  );
}

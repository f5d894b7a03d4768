'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { replaceParams } from '../list/use-list-state.js';
import { Choice, Typed, useNamespaceNames } from '../who-can/access-form.js';
import type { KnownEnds } from './known-ends.js';
import { type AskedEnd, type EndKind, FROM_KINDS, PROTOCOLS, type Question, TO_KINDS, USUAL_PORT } from './question.js';

interface EndProps {
  readonly side: 'from' | 'to';
  readonly end: AskedEnd;
  readonly kinds: readonly EndKind[];
  readonly known: readonly UnstructuredObject[];
}

const LABELS = { pod: 'podName', service: 'serviceName', labels: 'labelPairs', ip: 'address' } as const;
const EXAMPLES = { pod: 'web-0', service: 'web', labels: 'app=web', ip: '192.0.2.7' } as const;

function EndFields({ side, end, kinds, known }: EndProps) {
  const t = useTranslations('reachability');
  const namespaces = useNamespaceNames();
  const { kind, namespace, text } = end;
  const all = namespaces.includes(namespace) ? namespaces : [namespace, ...namespaces];
  return (
    <fieldset className="flex min-w-0 flex-wrap items-end gap-3 rounded-lg border border-line px-3 pb-3">
      <legend className="px-1 text-xs font-semibold text-ink-2">{t(side)}</legend>
      <Choice
        label={t('who')}
        value={kind}
        options={kinds.map((each) => [each, t(each)])}
        onChange={(value) => replaceParams({ [`${side}Kind`]: value, [side]: '' })}
      />
      {kind !== 'ip' && (
        <Choice
          label={t('namespace')}
          value={namespace}
          options={all.map((name) => [name, name])}
          onChange={(value) => replaceParams({ [`${side}In`]: value, [side]: '' })}
        />
      )}
      <Typed
        id={`reach-${side}`}
        label={t(LABELS[kind])}
        value={text}
        placeholder={EXAMPLES[kind]}
        known={known.map(({ metadata }) => metadata.name ?? '').sort()}
        onChange={(value) => replaceParams({ [side]: value })}
      />
    </fieldset>
  );
}

/** Who asks whom, at which port. */
export function QuestionFields({ question, known }: { question: Question; known: KnownEnds }) {
  const t = useTranslations('reachability');
  const { from, to, port, protocol } = question;
  return (
    <>
      <EndFields side="from" end={from} kinds={FROM_KINDS} known={known.from} />
      <EndFields side="to" end={to} kinds={TO_KINDS} known={known.to} />
      <div className="flex items-end gap-3 px-3 pb-3">
        <Typed
          id="reach-port"
          label={t('port')}
          value={port}
          placeholder={String(known.ports?.[0] ?? USUAL_PORT)}
          known={known.ports?.map(String)}
          onChange={(value) => replaceParams({ port: value.replaceAll(/\D/g, '').slice(0, 5) })}
        />
        <Choice
          label={t('protocol')}
          value={protocol}
          options={PROTOCOLS.map((name) => [name, name])}
          onChange={(value) => replaceParams({ protocol: value })}
        />
      </div>
    </>
  );
}

'use client';

import type { ReachabilityReviewSpec, ReachabilityReviewStatus } from '@binnacle/apis-kubernetes/reachability/v1';
import { StatusError } from '@binnacle/machinery-meta';
import { fetchReachability, useAskAnew, useCluster } from '@binnacle/web-data';
import { Empty, SkeletonRows, StatusGlyph, type Tone } from '@binnacle/web-ui';
import { useQuery } from '@tanstack/react-query';
import { CircleHelp, Lock } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { PathTable } from './path-table.js';
import type { AskedEnd, Question } from './question.js';
import { SidePanel } from './side-panel.js';

/** Somebody at one end, as one speaks of them. */
function useEndName(): (end: AskedEnd) => string {
  const t = useTranslations('reachability');
  return ({ kind, namespace, text }) => {
    if (kind === 'ip') return text;
    if (kind === 'labels') return t('labelled', { labels: text || t('anyLabels'), namespace });
    return `${namespace}/${text}`;
  };
}

type Outcome = 'reaches' | 'reachesSome' | 'leadsNowhere' | 'reachesNot';

const TONES: Readonly<Record<Outcome, Tone>> = {
  reaches: 'ok',
  reachesSome: 'warn',
  leadsNowhere: 'warn',
  reachesNot: 'error',
};

function outcomeOf({ allowed, partly, paths }: ReachabilityReviewStatus): Outcome {
  if (allowed) return 'reaches';
  if (paths.length === 0) return 'leadsNowhere';
  return partly ? 'reachesSome' : 'reachesNot';
}

interface ToldProps {
  readonly question: Question;
  readonly spec: ReachabilityReviewSpec;
  readonly status: ReachabilityReviewStatus;
}

function Outcome({ question: { from, to, protocol }, spec, status }: ToldProps) {
  const t = useTranslations('reachability');
  const name = useEndName();
  const outcome = outcomeOf(status);
  const names = { from: name(from), to: name(to), port: `${protocol} ${spec.port}` };
  return (
    <div role="status" className="rounded-lg border border-line bg-surface px-4 py-3">
      <p className="flex items-center gap-2 text-base font-semibold">
        <StatusGlyph tone={TONES[outcome]} className="size-5" />
        <span className="min-w-0 break-words">{t(outcome, names)}</span>
      </p>
      {outcome === 'leadsNowhere' && <p className="mt-1 text-sm text-ink-3">{t('nowhereHint')}</p>}
    </div>
  );
}

/** Both sides of one connection. */
function Sides({ question, status: { paths } }: ToldProps) {
  const t = useTranslations('reachability');
  const name = useEndName();
  const [path] = paths;
  if (!path) return null;
  const reached = path.pod ? `${path.namespace}/${path.pod}` : path.ip;
  return (
    <div className="flex flex-wrap gap-4">
      <SidePanel
        title={t('egress', { name: name(question.from) })}
        direction="egress"
        side={path.egress}
        namespace={question.from.namespace}
      />
      <SidePanel
        title={t('ingress', { name: reached })}
        direction="ingress"
        side={path.ingress}
        namespace={path.namespace ?? ''}
      />
    </div>
  );
}

function Refusal({ error }: { error: Error }) {
  const t = useTranslations();
  const isDenied = error instanceof StatusError && error.reason === 'Forbidden';
  return (
    <Empty
      icon={isDenied ? <Lock /> : <CircleHelp />}
      title={isDenied ? t('state.denied') : t('reachability.noAnswer')}
    >
      {isDenied ? t('state.deniedHint', { message: error.message }) : error.message}
    </Empty>
  );
}

/** What the server says; asked anew whenever `state` changes. */
export function ReachabilityAnswer(props: Omit<ToldProps, 'status'> & { readonly state: string }) {
  const t = useTranslations('app');
  const { cluster } = useCluster();
  const { spec } = props;
  const queryKey = ['reachability', cluster, spec];
  useAskAnew(queryKey, props.state);
  const { data, error } = useQuery({
    queryKey,
    queryFn: ({ signal }) => fetchReachability(cluster, spec, signal),
    retry: false,
  });
  if (error) return <Refusal error={error} />;
  if (!data) return <SkeletonRows rows={3} label={t('loading')} />;
  const told = { ...props, status: data };
  return (
    <>
      <Outcome {...told} />
      {data.paths.length === 1 && <Sides {...told} />}
      {data.paths.length > 1 && <PathTable status={data} namespace={props.question.from.namespace} />}
    </>
  );
}

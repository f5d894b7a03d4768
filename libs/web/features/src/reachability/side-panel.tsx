'use client';

import type { ReachabilitySide } from '@binnacle/apis-kubernetes/reachability/v1';
import { Panel, Status } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { KindLink } from '../objects/links.js';
import { Mono } from '../objects/text.js';

const REASONS = ['Outside', 'HostNetwork', 'Itself', 'OwnNode', 'NotIsolated', 'Rule', 'NoRule', 'Withheld'] as const;

/** Why a side lets something through or not, in the reader's language; what is not known is said as the server says it. */
export function useBecause(): (side: ReachabilitySide) => string {
  const t = useTranslations('reachability.because');
  return ({ reason, message }) => {
    const known = REASONS.find((each) => each === reason);
    return known ? t(known) : message;
  };
}

export function Verdict({ allowed }: { allowed: boolean }) {
  const t = useTranslations('reachability');
  return <Status tone={allowed ? 'ok' : 'error'}>{t(allowed ? 'allowed' : 'refused')}</Status>;
}

export function PolicyLink({ namespace, name }: { namespace: string; name: string }) {
  return <KindLink apiVersion="networking.k8s.io/v1" kind="NetworkPolicy" namespace={namespace} name={name} />;
}

interface SideProps {
  readonly direction: 'egress' | 'ingress';
  readonly side: ReachabilitySide;
  /** Of the Pod that the policies are about. */
  readonly namespace: string;
}

/** The rule that lets it through, and the policies that were looked at. */
export function SidePolicies({ direction, side: { policies, rule, more = 0 }, namespace }: SideProps) {
  const t = useTranslations('reachability');
  if (policies.length === 0) return null;
  return (
    <dl className="mt-2 grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
      {rule && (
        <>
          <dt className="text-ink-3">{t('byRule')}</dt>
          <dd className="min-w-0 break-words">
            <PolicyLink namespace={namespace} name={rule.policy} />{' '}
            <Mono>
              spec.{direction}[{rule.index}]
            </Mono>
          </dd>
        </>
      )}
      <dt className="text-ink-3">{t('policies')}</dt>
      <dd className="flex min-w-0 flex-wrap gap-x-3 gap-y-1">
        {policies.map((name) => (
          <PolicyLink key={name} namespace={namespace} name={name} />
        ))}
        {more > 0 && <span className="text-ink-3">{t('more', { more })}</span>}
      </dd>
    </dl>
  );
}

/** What one end says. */
export function SidePanel({ title, ...props }: SideProps & { title: string }) {
  const because = useBecause();
  return (
    <Panel title={title} className="flex-1 basis-72">
      <p className="text-sm">
        <Verdict allowed={props.side.allowed} />
      </p>
      <p className="mt-1 text-sm text-ink-2">{because(props.side)}</p>
      <SidePolicies {...props} />
    </Panel>
  );
}

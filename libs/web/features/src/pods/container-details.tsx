'use client';

import type { Container, ContainerStatus } from '@binnacle/apis-kubernetes/core/v1';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Mono } from '../objects/text.js';
import { SourceOf } from '../objects/source.js';
import { amountsText, commandText, envFromSource, envSource, mountText, probeText } from './container-facts.js';

interface Line {
  readonly label: string;
  readonly value: ReactNode;
}

interface DetailsProps {
  readonly container: Container & { readonly targetContainerName?: string };
  readonly status: ContainerStatus | undefined;
  readonly namespace: string | undefined;
}

const mono = (label: string, text: string | undefined): Line[] => (text ? [{ label, value: <Mono>{text}</Mono> }] : []);

function listed(label: string, values: readonly ReactNode[]): Line[] {
  if (values.length === 0) return [];
  const value = (
    <ul className="flex flex-col gap-0.5">
      {values.map((each, index) => (
        <li key={index} className="break-all">
          {each}
        </li>
      ))}
    </ul>
  );
  return [{ label, value }];
}

function Variables({ container, namespace }: Pick<DetailsProps, 'container' | 'namespace'>): ReactNode[] {
  const all = (container.envFrom ?? []).map((from) => (
    <SourceOf key={JSON.stringify(from)} namespace={namespace} {...envFromSource(from)} />
  ));
  const each = (container.env ?? []).map((variable) => {
    const source = envSource(variable);
    return (
      <span key={variable.name}>
        <Mono>{variable.name}</Mono>
        <span className="text-ink-3"> = </span>
        {source ? <SourceOf namespace={namespace} {...source} /> : <Mono>{variable.value ?? ''}</Mono>}
      </span>
    );
  });
  return [...all, ...each];
}

function useLines({ container, status, namespace }: DetailsProps): Line[] {
  const t = useTranslations('spec');
  const { resources, securityContext: security } = container;
  const probes = (['startup', 'readiness', 'liveness'] as const).flatMap((name) => {
    const probe = container[`${name}Probe`];
    return probe ? mono(t(name), probeText(probe)) : [];
  });
  return [
    ...mono(t('command'), commandText(container.command)),
    ...mono(t('args'), commandText(container.args)),
    ...mono(t('workingDir'), container.workingDir),
    ...mono(t('requests'), amountsText(resources?.requests)),
    ...mono(t('limits'), amountsText(resources?.limits)),
    ...probes,
    ...listed(t('env'), Variables({ container, namespace })),
    ...listed(
      t('mounts'),
      (container.volumeMounts ?? []).map((mount) => <Mono key={mount.mountPath}>{mountText(mount)}</Mono>),
    ),
    ...mono(t('restartPolicy'), container.restartPolicy),
    ...mono(t('debugTarget'), container.targetContainerName),
    ...mono(t('pullPolicy'), container.imagePullPolicy),
    ...mono(t('security'), security && JSON.stringify(security)),
    ...mono(t('imageId'), status?.imageID),
    ...mono(t('containerId'), status?.containerID),
  ];
}

/** What `kubectl describe` tells of a container beyond how it stands. */
export function ContainerDetails(props: DetailsProps) {
  const lines = useLines(props);
  return (
    <dl className="col-span-full grid grid-cols-[minmax(5.5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1.5 pt-1.5 pb-1 text-sm">
      {lines.map(({ label, value }) => (
        <div key={label} className="contents">
          <dt className="text-ink-3">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

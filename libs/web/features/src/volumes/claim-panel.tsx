'use client';

import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { type UnstructuredObject, useKnowledge, useLive } from '@binnacle/web-data';
import { Panel, Status } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { Answer } from '../known/answer.js';
import { KindLink } from '../objects/links.js';
import { useQueryOf } from '../objects/use-query-of.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { type Binding, BINDING_TONES, bindingOf, type ClaimSize, sizeOf, usersOf } from './claim-binding.js';

function useBinding(object: UnstructuredObject) {
  const claim = as<PersistentVolumeClaim>(object);
  const classes = useLive(useQueryOf('storageclasses.storage.k8s.io', {}));
  const pods = useLive(useQueryOf('pods', { namespace: object.metadata.namespace ?? '' }));
  const knowledge = useKnowledge(classes, pods);
  const users = usersOf(claim, pods.items as unknown as readonly Pod[]);
  return { binding: bindingOf(claim, classes.items as unknown as readonly StorageClass[], users), knowledge };
}

/** A sentence names what its kind of binding has; the other places stay empty. */
const NO_VALUES = { name: '', volume: '', provisioner: '', pods: 0 };

function Sentence({ binding }: { binding: Binding }) {
  const t = useTranslations('volumes');
  const link = { apiVersion: 'v1', kind: 'PersistentVolume' };
  return (
    <p className="text-sm">
      {t.rich(`binding.${binding.kind}`, {
        ...NO_VALUES,
        ...binding,
        of: (name) => (
          <KindLink {...link} name={'volume' in binding ? binding.volume : ''}>
            {name}
          </KindLink>
        ),
      })}
    </p>
  );
}

function Size({ size }: { size: ClaimSize }) {
  const t = useTranslations('volumes');
  if (!size.growing) return <p className="tabular text-sm text-ink-2">{t('size', { ...size })}</p>;
  return (
    <p className="tabular text-sm">
      <Status tone="progress">{t(`growing.${size.growing}`, { asked: size.asked, has: size.has })}</Status>
    </p>
  );
}

/** Whether a claim has its volume, in plain words; and if not, what it waits for. */
export function ClaimBinding({ object }: PanelProps) {
  const t = useTranslations('volumes');
  const { binding, knowledge } = useBinding(object);
  const size = sizeOf(as<PersistentVolumeClaim>(object));
  return (
    <Panel title={t('bindingTitle')}>
      <Answer knowledge={knowledge} isEmpty={false} none={{ title: '' }} rows={1} compact>
        <div className="flex flex-col gap-2">
          <Status tone={BINDING_TONES[binding.kind]}>
            {as<PersistentVolumeClaim>(object).status?.phase ?? 'Pending'}
          </Status>
          <Sentence binding={binding} />
          {size && <Size size={size} />}
        </div>
      </Answer>
    </Panel>
  );
}

import type { PodTemplateSpec } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { Status } from '@binnacle/web-ui';
import type { Fact, KindColumn, KindView, ObjectStatus } from '../kinds/kind-view.js';
import type { Translate } from '../messages/index.js';
import { KindLink } from '../objects/links.js';
import { Mono, None, OrNone, Quiet } from '../objects/text.js';
import { workloadSelector } from './selectors.js';
import { deploymentStatus, replicaCounts, replicaSetStatus } from './workload-status.js';

interface WorkloadSpec {
  readonly template?: PodTemplateSpec;
  readonly strategy?: { readonly type?: string };
}

const specOf = (object: UnstructuredObject): WorkloadSpec => (object.spec ?? {}) as WorkloadSpec;

function imagesOf(object: UnstructuredObject): string[] {
  return (specOf(object).template?.spec?.containers ?? []).map((container) => container.image ?? '');
}

function statusColumn(t: Translate, status: (object: UnstructuredObject) => ObjectStatus): KindColumn {
  return {
    id: 'status',
    title: t('list.status'),
    track: 'minmax(6.5rem,1.4fr)',
    value: (object) => status(object).label,
    cell: (object) => {
      const { tone, label, detail } = status(object);
      return (
        <Status tone={tone} title={detail}>
          {label}
        </Status>
      );
    },
  };
}

function readyColumn(t: Translate): KindColumn {
  return {
    id: 'ready',
    title: t('columns.ready'),
    track: '4.5rem',
    align: 'end',
    from: 420,
    value: (object) => replicaCounts(object).ready,
    cell: (object) => {
      const { ready, desired } = replicaCounts(object);
      return <Quiet>{`${ready}/${desired}`}</Quiet>;
    },
  };
}

function countColumn(id: 'updated' | 'available' | 'current', title: string): KindColumn {
  return {
    id,
    title,
    track: '5.5rem',
    align: 'end',
    from: 760,
    value: (object) => replicaCounts(object)[id],
    cell: (object) => <Quiet>{replicaCounts(object)[id]}</Quiet>,
  };
}

function imagesColumn(t: Translate): KindColumn {
  return {
    id: 'images',
    title: t('columns.images'),
    track: 'minmax(8rem,1.4fr)',
    from: 900,
    value: (object) => imagesOf(object).join(),
    cell: (object) => (
      <span title={imagesOf(object).join('\n')} className="text-ink-2">
        <Mono>{imagesOf(object).join(', ')}</Mono>
      </span>
    ),
  };
}

function ownerColumn(t: Translate): KindColumn {
  const controller = (object: UnstructuredObject) => object.metadata.ownerReferences?.find((owner) => owner.controller);
  return {
    id: 'owner',
    title: t('columns.owner'),
    track: 'minmax(7rem,1fr)',
    from: 760,
    value: (object) => controller(object)?.name ?? '',
    cell: (object) => {
      const owner = controller(object);
      return owner ? (
        <Quiet>
          <KindLink {...owner} namespace={object.metadata.namespace} />
        </Quiet>
      ) : (
        <None />
      );
    },
  };
}

function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const { ready, desired } = replicaCounts(object);
  const strategy = specOf(object).strategy?.type;
  const images = imagesOf(object);
  return [
    { label: t('detail.replicas'), value: t('detail.replicasText', { ready, desired }) },
    ...(strategy ? [{ label: t('detail.strategy'), value: strategy }] : []),
    {
      label: t('columns.selector'),
      value: (
        <span className="break-all">
          <Mono>
            <OrNone>{workloadSelector(object)}</OrNone>
          </Mono>
        </span>
      ),
    },
    ...(images.length
      ? [
          {
            label: t('columns.images'),
            value: images.map((image) => (
              <p key={image} className="break-all">
                <Mono>{image}</Mono>
              </p>
            )),
          },
        ]
      : []),
  ];
}

export const deploymentView: KindView = {
  status: deploymentStatus,
  columns: (t) => [
    statusColumn(t, deploymentStatus),
    readyColumn(t),
    countColumn('updated', t('columns.upToDate')),
    countColumn('available', t('columns.available')),
    imagesColumn(t),
  ],
  facts,
};

export const replicaSetView: KindView = {
  status: replicaSetStatus,
  columns: (t) => [
    statusColumn(t, replicaSetStatus),
    readyColumn(t),
    countColumn('current', t('columns.current')),
    ownerColumn(t),
    imagesColumn(t),
  ],
  facts,
};

/** Kinds that select Pods; the server prints their columns. */
export const selectorView: KindView = {
  facts: (object, t) => [
    {
      label: t('columns.selector'),
      value: (
        <Mono>
          <OrNone>{workloadSelector(object)}</OrNone>
        </Mono>
      ),
    },
  ],
};

import type { PodTemplateSpec } from '@binnacle/apis-kubernetes/core/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import type { Translate } from '../messages/index.js';
import { KindLink } from '../objects/links.js';
import { Mono, None, OrNone, Quiet } from '../objects/text.js';
import type { Fact, KindColumn } from '../view/kind-view.js';
import { workloadSelector } from './selectors.js';
import { replicaCounts } from './workload-status.js';

interface WorkloadSpec {
  readonly template?: PodTemplateSpec;
  readonly strategy?: { readonly type?: string };
}

const specOf = (object: UnstructuredObject): WorkloadSpec => (object.spec ?? {}) as WorkloadSpec;

function imagesOf(object: UnstructuredObject): string[] {
  return (specOf(object).template?.spec?.containers ?? []).map((container) => container.image ?? '');
}

function readyText(object: UnstructuredObject): string {
  const { ready, desired } = replicaCounts(object);
  return `${ready}/${desired}`;
}

export function readyColumn(t: Translate): KindColumn {
  return {
    id: 'ready',
    title: t('columns.ready'),
    track: '4.5rem',
    align: 'end',
    from: 420,
    value: (object) => replicaCounts(object).ready,
    told: readyText,
    cell: (object) => <Quiet>{readyText(object)}</Quiet>,
  };
}

export function countColumn(id: 'updated' | 'available' | 'current', title: string): KindColumn {
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

export function imagesColumn(t: Translate): KindColumn {
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

export function ownerColumn(t: Translate): KindColumn {
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
          <KindLink {...owner} namespace={object.metadata.namespace} cut />
        </Quiet>
      ) : (
        <None />
      );
    },
  };
}

/** Which Pods it selects. `column` is the one that says the same in a list. */
export function selectorFact(object: UnstructuredObject, t: Translate, column?: string): Fact {
  return {
    ...(column && { column }),
    label: t('columns.selector'),
    value: (
      <span className="break-all">
        <Mono>
          <OrNone>{workloadSelector(object)}</OrNone>
        </Mono>
      </span>
    ),
  };
}

function Images({ images }: { images: readonly string[] }) {
  return images.map((image) => (
    <p key={image} className="break-all">
      <Mono>{image}</Mono>
    </p>
  ));
}

/** Of what keeps a number of equal Pods. */
export function workloadFacts(object: UnstructuredObject, t: Translate): Fact[] {
  const { ready, desired } = replicaCounts(object);
  const strategy = specOf(object).strategy?.type;
  const images = imagesOf(object);
  return [
    { column: 'ready', label: t('detail.replicas'), value: t('detail.replicasText', { ready, desired }) },
    ...(strategy ? [{ label: t('detail.strategy'), value: strategy }] : []),
    selectorFact(object, t),
    ...(images.length ? [{ column: 'images', label: t('columns.images'), value: <Images images={images} /> }] : []),
  ];
}

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_CONFIG_MIRROR } from '@binnacle/apis-kubernetes/well-known';
import type { UnstructuredObject } from '@binnacle/web-data';
import { PodDecisions } from '../decisions/pod-decisions.js';
import type { Translate } from '../messages/index.js';
import { statusColumn, textColumn } from '../objects/columns.js';
import { KindLink } from '../objects/links.js';
import { Mono, None, OrNone, Quiet } from '../objects/text.js';
import { PodReach } from '../reach/reach-panel.js';
import { podReachability } from '../reach/reachability-fact.js';
import { PodContainers } from '../pods/pod-containers.js';
import { podPlacement } from '../pods/pod-placement.js';
import { podState } from '../pods/pod-status.js';
import { PodVolumes } from '../pods/pod-volumes.js';
import { Restarts } from '../pods/restarts.js';
import { as, type Fact, type KindColumn, type KindView, type Surroundings } from '../view/kind-view.js';

function readyText(object: UnstructuredObject): string {
  const { ready, total } = podState(as<Pod>(object));
  return `${ready}/${total}`;
}

function NodeOf({ pod }: { pod: Pod }) {
  const name = pod.spec?.nodeName;
  if (!name) return <None />;
  return (
    <Quiet>
      <KindLink apiVersion="v1" kind="Node" name={name} cut />
    </Quiet>
  );
}

function columns(t: Translate, around: Surroundings): KindColumn[] {
  return [
    statusColumn(t, 'minmax(7rem,1.6fr)', (object) => podState(as<Pod>(object), around)),
    {
      id: 'ready',
      title: t('columns.ready'),
      track: '3.5rem',
      align: 'end',
      from: 480,
      value: (object) => podState(as<Pod>(object)).ready,
      told: readyText,
      cell: (object) => <Quiet>{readyText(object)}</Quiet>,
    },
    {
      id: 'restarts',
      title: t('columns.restarts'),
      track: '6rem',
      align: 'end',
      from: 620,
      value: (object) => podState(as<Pod>(object)).restarts,
      cell: (object) => <Restarts pod={as<Pod>(object)} />,
    },
    {
      id: 'node',
      title: t('columns.node'),
      track: 'minmax(6rem,1fr)',
      from: 760,
      value: (object) => as<Pod>(object).spec?.nodeName ?? '',
      cell: (object) => <NodeOf pod={as<Pod>(object)} />,
    },
    textColumn({
      id: 'ip',
      title: t('columns.ip'),
      track: '7rem',
      from: 900,
      mono: true,
      read: (object) => as<Pod>(object).status?.podIP,
    }),
  ];
}

function facts(pod: Pod, t: Translate): Fact[] {
  const { spec, status } = pod;
  const { serviceAccountName: account } = spec ?? {};
  return [
    {
      column: 'node',
      label: t('detail.nodeName'),
      value: spec?.nodeName ? <KindLink apiVersion="v1" kind="Node" name={spec.nodeName} /> : <None />,
    },
    {
      column: 'ip',
      label: t('detail.podIp'),
      value: (
        <Mono>
          <OrNone>{status?.podIP}</OrNone>
        </Mono>
      ),
    },
    { label: t('detail.qos'), value: <OrNone>{status?.qosClass}</OrNone> },
    { label: t('detail.restartPolicy'), value: <OrNone>{spec?.restartPolicy}</OrNone> },
    {
      label: t('detail.serviceAccount'),
      value: account ? (
        <KindLink apiVersion="v1" kind="ServiceAccount" namespace={pod.metadata.namespace} name={account} />
      ) : (
        <None />
      ),
    },
    podReachability(t, pod.metadata.namespace ?? '', pod.metadata.name ?? ''),
    ...podPlacement(pod, t),
  ];
}

/** Whoever owns the Pod makes another; of a bare one nothing is left. */
function lossText(t: Translate, object: UnstructuredObject): string {
  const { metadata, spec } = as<Pod>(object);
  const seconds = spec?.terminationGracePeriodSeconds ?? 30;
  const owner = metadata.ownerReferences?.find((reference) => reference.controller);
  if (metadata.annotations?.[ANNOTATION_CONFIG_MIRROR]) return t('actions.deletePodMirror');
  if (!owner || owner.kind === 'Node') return t('actions.deletePodBare', { seconds });
  return t('actions.deletePodOwned', { seconds, owner: `${owner.kind}/${owner.name}` });
}

/** What has ended runs no commands. */
const runs = (object: UnstructuredObject): boolean => as<Pod>(object).status?.phase === 'Running';

export const podView: KindView = {
  status: (object, around) => podState(as<Pod>(object), around),
  needs: 'nodes',
  columns,
  facts: (object, t) => facts(as<Pod>(object), t),
  panels: [PodContainers, PodDecisions, PodReach, PodVolumes],
  actions: { logs: true, terminal: runs, fleeting: true, loss: { text: lossText } },
};

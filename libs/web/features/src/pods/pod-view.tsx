import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { as, type Fact, type KindView } from '../kinds/kind-view.js';
import type { Translate } from '../messages/index.js';
import { KindLink } from '../objects/links.js';
import { Mono, None, OrNone } from '../objects/text.js';
import { podColumns } from './pod-columns.js';
import { podState } from './pod-status.js';

function facts(pod: Pod, t: Translate): Fact[] {
  const { spec, status } = pod;
  return [
    {
      label: t('detail.nodeName'),
      value: spec?.nodeName ? <KindLink apiVersion="v1" kind="Node" name={spec.nodeName} /> : <None />,
    },
    {
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
      value: spec?.serviceAccountName ? (
        <KindLink
          apiVersion="v1"
          kind="ServiceAccount"
          namespace={pod.metadata.namespace}
          name={spec.serviceAccountName}
        />
      ) : (
        <None />
      ),
    },
  ];
}

export const podView: KindView = {
  status: (object) => podState(as<Pod>(object)),
  columns: podColumns,
  facts: (object, t) => facts(as<Pod>(object), t),
};

import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { Status } from '@binnacle/web-ui';
import { as, type KindColumn } from '../kinds/kind-view.js';
import type { Translate } from '../messages/index.js';
import { Age } from '../objects/age.js';
import { KindLink } from '../objects/links.js';
import { Mono, None, OrNone, Quiet } from '../objects/text.js';
import { podState } from './pod-status.js';

function Restarts({ pod }: { pod: Pod }) {
  const { restarts, restartedAt } = podState(pod);
  if (restarts === 0) return <span className="text-ink-3">0</span>;
  return (
    <span>
      {restarts}
      {restartedAt && (
        <span className="ml-1 text-xs text-ink-3">
          (<Age time={restartedAt} />)
        </span>
      )}
    </span>
  );
}

export function podColumns(t: Translate): KindColumn[] {
  return [
    {
      id: 'status',
      title: t('list.status'),
      track: 'minmax(7rem,1.1fr)',
      value: (object) => podState(as<Pod>(object)).label,
      cell: (object) => {
        const { tone, label, detail } = podState(as<Pod>(object));
        return (
          <Status tone={tone} title={detail}>
            {label}
          </Status>
        );
      },
    },
    {
      id: 'ready',
      title: t('columns.ready'),
      track: '3.5rem',
      align: 'end',
      from: 480,
      value: (object) => podState(as<Pod>(object)).ready,
      cell: (object) => {
        const { ready, total } = podState(as<Pod>(object));
        return <Quiet>{`${ready}/${total}`}</Quiet>;
      },
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
      cell: (object) => {
        const name = as<Pod>(object).spec?.nodeName;
        return name ? (
          <Quiet>
            <KindLink apiVersion="v1" kind="Node" name={name} />
          </Quiet>
        ) : (
          <None />
        );
      },
    },
    {
      id: 'ip',
      title: t('columns.ip'),
      track: '7rem',
      from: 900,
      value: (object) => as<Pod>(object).status?.podIP ?? '',
      cell: (object) => (
        <Mono>
          <OrNone>{as<Pod>(object).status?.podIP}</OrNone>
        </Mono>
      ),
    },
  ];
}

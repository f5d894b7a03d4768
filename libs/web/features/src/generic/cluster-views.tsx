import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import { Status } from '@binnacle/web-ui';
import { as, type KindView } from '../kinds/kind-view.js';
import { Age } from '../objects/age.js';
import { OrNone, Quiet } from '../objects/text.js';
import { genericStatus } from './generic-status.js';

export const namespaceView: KindView = {
  columns: (t) => [
    {
      id: 'status',
      title: t('list.status'),
      track: 'minmax(8rem,1fr)',
      value: (object) => genericStatus(object)?.label ?? '',
      cell: (object) => {
        const status = genericStatus(object);
        return status && <Status tone={status.tone}>{status.label}</Status>;
      },
    },
  ],
};

export const leaseView: KindView = {
  columns: (t) => [
    {
      id: 'holder',
      title: t('columns.holder'),
      track: 'minmax(10rem,1.5fr)',
      value: (object) => as<Lease>(object).spec?.holderIdentity ?? '',
      cell: (object) => (
        <Quiet>
          <OrNone>{as<Lease>(object).spec?.holderIdentity}</OrNone>
        </Quiet>
      ),
    },
    {
      id: 'lastSeen',
      title: t('columns.lastSeen'),
      track: '6rem',
      align: 'end',
      from: 560,
      value: (object) => -Date.parse(as<Lease>(object).spec?.renewTime ?? ''),
      cell: (object) => (
        <Quiet>
          <Age time={as<Lease>(object).spec?.renewTime} />
        </Quiet>
      ),
    },
  ],
};

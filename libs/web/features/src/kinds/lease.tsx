import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import { Age } from '../objects/age.js';
import { textColumn } from '../objects/columns.js';
import { Quiet } from '../objects/text.js';
import { as, type KindView } from '../view/kind-view.js';

export const leaseView: KindView = {
  columns: (t) => [
    textColumn({
      id: 'holder',
      title: t('columns.holder'),
      track: 'minmax(10rem,1.5fr)',
      read: (object) => as<Lease>(object).spec?.holderIdentity,
    }),
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
  actions: { fleeting: true },
};

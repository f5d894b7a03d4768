import type { UnstructuredObject } from '@binnacle/web-data';
import { Status } from '@binnacle/web-ui';
import type { Translate } from '../messages/index.js';
import type { KindColumn, ObjectStatus } from '../view/kind-view.js';
import { Mono, OrNone, Quiet } from './text.js';

/** How the objects of a kind stand, in the words of its status. */
export function statusColumn(
  t: Translate,
  track: string,
  status: (object: UnstructuredObject) => ObjectStatus | undefined,
): KindColumn {
  return {
    id: 'status',
    title: t('list.status'),
    track,
    value: (object) => status(object)?.label ?? '',
    cell: (object) => {
      const found = status(object);
      return (
        found && (
          <Status tone={found.tone} title={found.detail}>
            {found.label}
          </Status>
        )
      );
    },
  };
}

interface TextColumn extends Pick<KindColumn, 'id' | 'title' | 'track' | 'align' | 'from'> {
  readonly read: (object: UnstructuredObject) => string | number | undefined;
  /** In the letters of addresses and selectors. */
  readonly mono?: true;
}

/** A column of plain words or figures; a dash where there is none. */
export function textColumn({ read, mono, ...column }: TextColumn): KindColumn {
  return {
    ...column,
    value: (object) => read(object) ?? '',
    cell: (object) => {
      const text = <OrNone>{read(object)}</OrNone>;
      return mono ? <Mono>{text}</Mono> : <Quiet>{text}</Quiet>;
    },
  };
}

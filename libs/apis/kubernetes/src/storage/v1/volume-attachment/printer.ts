import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';
import type { VolumeAttachment, VolumeAttachmentSpec } from '../index.js';

export const printer: TablePrinter<VolumeAttachment> = {
  columns: [
    nameColumn,
    column('Attacher', 'The driver that attaches the volume.'),
    column('PV', 'The volume.'),
    column('Node', 'The node it is attached to.'),
    column('Attached', 'Whether it is attached by now.', { type: 'boolean' }),
    ageColumn,
  ],
  row: (attachment, now) => {
    const { attacher = '', source, nodeName = '' }: Partial<VolumeAttachmentSpec> = attachment.spec ?? {};
    return [
      nameOf(attachment),
      attacher,
      source?.persistentVolumeName ?? '',
      nodeName,
      attachment.status?.attached ?? false,
      ageOf(attachment, now),
    ];
  },
};

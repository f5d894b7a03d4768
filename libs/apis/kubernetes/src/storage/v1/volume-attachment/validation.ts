import {
  type FieldError,
  fieldPath,
  forbidden,
  inclusiveRange,
  invalid,
  invalidEach,
  nameIsDnsSubdomain,
  required,
  tooLong,
  validateImmutable,
} from '@binnacle/machinery-validation';
import { optional, type Rule, utf8Bytes, validateMeta } from '@binnacle/apis-registry';
import { validateDriverName } from '../../../core/v1/csi-driver-name.js';
import { validateInlineVolume } from '../../../core/v1/persistent-volume/validation.js';
import type { VolumeAttachment, VolumeAttachmentSource, VolumeError } from '../index.js';
import { bytesOf } from '../provisioning.js';

const SPEC = fieldPath('spec');
const STATUS = fieldPath('status');
const MAX_METADATA_BYTES = 256 * 1024;
const MAX_MESSAGE_BYTES = 1024;
const MAX_INT32 = 2 ** 31 - 1;
const ONE_SOURCE = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';

const validateSource: Rule<VolumeAttachmentSource> = (source, path) => {
  const { inlineVolumeSpec, persistentVolumeName: name } = source;
  if (!inlineVolumeSpec && name === undefined) return [required(path, ONE_SOURCE)];
  if (inlineVolumeSpec && name !== undefined) return [forbidden(path, ONE_SOURCE)];
  if (inlineVolumeSpec) return validateInlineVolume(inlineVolumeSpec, path.child('inlineVolumeSpec'));
  return name ? [] : [required(path.child('persistentVolumeName'), 'must specify non empty persistentVolumeName')];
};

/** Of a message that is too long upstream tells the bound of the metadata. */
const validateError: Rule<VolumeError> = ({ message = '', errorCode = 0 }, path) => [
  ...(utf8Bytes(message) > MAX_MESSAGE_BYTES ? [tooLong(path.child('message'), MAX_METADATA_BYTES)] : []),
  ...(errorCode < 0 ? [invalid(path.child('errorCode'), errorCode, inclusiveRange(0, MAX_INT32))] : []),
];

function validateStatus({ status }: VolumeAttachment): FieldError[] {
  const metadata = STATUS.child('attachmentMetadata');
  return [
    ...(bytesOf(status?.attachmentMetadata ?? {}) > MAX_METADATA_BYTES ? [tooLong(metadata, MAX_METADATA_BYTES)] : []),
    ...optional(status?.attachError, STATUS.child('attachError'), validateError),
    ...optional(status?.detachError, STATUS.child('detachError'), validateError),
  ];
}

/** Behaves as kubernetes pkg/apis/storage/validation ValidateVolumeAttachment. */
export function validateVolumeAttachment(attachment: VolumeAttachment): FieldError[] {
  const { attacher, source, nodeName = '' }: Partial<VolumeAttachment['spec']> = attachment.spec ?? {};
  return [
    ...validateMeta(attachment, false),
    ...validateDriverName(attacher, SPEC.child('attacher')),
    ...validateSource(source ?? {}, SPEC.child('source')),
    ...invalidEach(SPEC.child('nodeName'), nodeName, nameIsDnsSubdomain(nodeName, false)),
    ...validateStatus(attachment),
    ...optional(source?.persistentVolumeName, SPEC.child('source', 'persistentVolumeName'), (name, path) =>
      invalidEach(path, name, nameIsDnsSubdomain(name, false)),
    ),
  ];
}

export function validateVolumeAttachmentUpdate(next: VolumeAttachment, old: VolumeAttachment): FieldError[] {
  return validateImmutable(next.spec, old.spec, SPEC);
}

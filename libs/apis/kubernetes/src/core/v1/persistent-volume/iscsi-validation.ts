import { type FieldError, type FieldPath, inclusiveRange, invalid, required } from '@binnacle/machinery-validation';
import { optional, present } from '@binnacle/apis-registry';
import type { FCVolumeSource, ISCSIPersistentVolumeSource } from '../index.js';

const MAX_LUN = 255;
const MAX_SESSION_NAME = 64;
const TOO_LONG =
  'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.';

/** By the three letters each begins with. */
const QUALIFIED_NAMES: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([a-zA-Z0-9\-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[a-zA-Z0-9]{16}$/,
  naa: /^naa.[a-zA-Z0-9]{32}$/,
};

function validateQualifiedName(name: string, path: FieldPath): FieldError[] {
  const form = Object.entries(QUALIFIED_NAMES).find(([start]) => name.startsWith(start))?.[1];
  return form?.test(name) ? [] : [invalid(path, name, 'must be valid format')];
}

function validateLun(lun: number, path: FieldPath): FieldError[] {
  return lun >= 0 && lun <= MAX_LUN ? [] : [invalid(path, lun, inclusiveRange(0, MAX_LUN))];
}

function validateSecret(source: ISCSIPersistentVolumeSource, path: FieldPath): FieldError[] {
  const { chapAuthDiscovery, chapAuthSession, secretRef } = source;
  if (secretRef) return present(secretRef.name, path.child('name'));
  return chapAuthDiscovery || chapAuthSession ? [required(path)] : [];
}

/** `volume` is the name of the volume, which is a part of what the session is called. */
export function validateIscsi(source: ISCSIPersistentVolumeSource, path: FieldPath, volume: string): FieldError[] {
  const { targetPortal = '', iqn, lun = 0, initiatorName } = source;
  const long = initiatorName !== undefined && `${volume}:${targetPortal}`.length > MAX_SESSION_NAME;
  return [
    ...present(targetPortal, path.child('targetPortal')),
    ...(long ? [invalid(path.child('targetportal'), targetPortal, TOO_LONG)] : []),
    ...(iqn ? validateQualifiedName(iqn, path.child('iqn')) : [required(path.child('iqn'))]),
    ...validateLun(lun, path.child('lun')),
    ...validateSecret(source, path.child('secretRef')),
    ...optional(initiatorName, path.child('initiatorname'), validateQualifiedName),
  ];
}

/** A disk is found by where it stands or by its own name, not by both. */
export function validateFibreChannel(
  { targetWWNs = [], wwids = [], lun }: FCVolumeSource,
  path: FieldPath,
): FieldError[] {
  const targets = path.child('targetWWNs');
  if (targetWWNs.length === 0)
    return wwids.length > 0 ? [] : [required(targets, 'must specify either targetWWNs or wwids, but not both')];
  const both = 'targetWWNs and wwids can not be specified simultaneously';
  const at = path.child('lun');
  return [
    ...(wwids.length > 0 ? [invalid(targets, targetWWNs, both)] : []),
    ...(lun === undefined ? [required(at, 'lun is required if targetWWNs is specified')] : validateLun(lun, at)),
  ];
}

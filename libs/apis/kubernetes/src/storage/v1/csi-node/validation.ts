import {
  duplicate,
  type FieldError,
  type FieldPath,
  fieldPath,
  invalid,
  invalidEach,
  isQualifiedName,
  required,
  validateImmutable,
  validateNonNegative,
} from '@binnacle/machinery-validation';
import { each, validateMeta } from '@binnacle/apis-registry';
import type { CSINode, CSINodeDriver } from '../index.js';
import { validateDriverName } from '../../../core/v1/csi-driver-name.js';

const DRIVERS = fieldPath('spec', 'drivers');
const MAX_NODE_ID = 256;

function validateNodeId(id: string | undefined, path: FieldPath): FieldError[] {
  if (!id) return [required(path)];
  return id.length > MAX_NODE_ID ? [invalid(path, id, `must be ${MAX_NODE_ID} characters or less`)] : [];
}

/** Upstream names the driver, not the key, in these errors. */
function validateTopologyKeys(keys: readonly string[] = [], path: FieldPath): FieldError[] {
  const firsts = new Map([...keys.entries()].reverse().map(([index, key]) => [key, index]));
  return keys.flatMap((key, index) => [
    ...(key ? [] : [required(path)]),
    ...((firsts.get(key) ?? index) < index ? [duplicate(path, key)] : []),
    ...invalidEach(path, key, isQualifiedName(key)),
  ]);
}

function validateDriver(driver: CSINodeDriver, path: FieldPath): FieldError[] {
  return [
    ...validateDriverName(driver.name, path.child('name')),
    ...validateNodeId(driver.nodeID, path.child('nodeID')),
    ...validateNonNegative(driver.allocatable?.count, path.child('allocatable', 'count')),
  ];
}

/** Behaves as kubernetes pkg/apis/storage/validation ValidateCSINode. */
export function validateCsiNode(node: CSINode): FieldError[] {
  const seen = new Set<string>();
  const drivers = each(node.spec?.drivers, DRIVERS, (driver, path) => {
    const again = seen.has(driver.name) ? [duplicate(path.child('name'), driver.name)] : [];
    seen.add(driver.name);
    return [...validateDriver(driver, path), ...again, ...validateTopologyKeys(driver.topologyKeys, path)];
  });
  return [...validateMeta(node, false), ...drivers];
}

const withoutLimit = ({ allocatable: _, ...rest }: CSINodeDriver): Omit<CSINodeDriver, 'allocatable'> => rest;

/** Of a driver that stays only the limit of its volumes may change. */
export function validateCsiNodeUpdate(next: CSINode, old: CSINode): FieldError[] {
  const byName = new Map<string, CSINodeDriver[]>();
  for (const driver of next.spec?.drivers ?? []) {
    const same = byName.get(driver.name);
    if (same) same.push(driver);
    else byName.set(driver.name, [driver]);
  }
  return (old.spec?.drivers ?? []).flatMap((before) =>
    (byName.get(before.name) ?? []).flatMap((after) =>
      validateImmutable(withoutLimit(after), withoutLimit(before), DRIVERS),
    ),
  );
}

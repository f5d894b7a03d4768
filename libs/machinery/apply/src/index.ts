export { applyConfiguration, applySteps, type ApplyWrite, checkConfiguration } from './apply.js';
export * from './apply-type.js';
export { FieldSet } from './field-set.js';
export { encodeOwners, equalOwners } from './owners.js';
export { ownersFromScale, scaleOwners } from './scale.js';
export { trackUpdate } from './track.js';
export { typedPatchError } from './typed-patch.js';
export type { ManagedWrite, OtherVersion, Owned, OwnedVersion } from './write.js';

// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const descriptions = [
  "Info\tInfo contains versioning information. how we'll want to distribute that information.",
  "Info.emulationMajor\tEmulationMajor is the major version of the emulation version",
  "Info.emulationMinor\tEmulationMinor is the minor version of the emulation version",
  "Info.major\tMajor is the major version of the binary version",
  "Info.minCompatibilityMajor\tMinCompatibilityMajor is the major version of the minimum compatibility version",
  "Info.minCompatibilityMinor\tMinCompatibilityMinor is the minor version of the minimum compatibility version",
  "Info.minor\tMinor is the minor version of the binary version",
].join('\n');

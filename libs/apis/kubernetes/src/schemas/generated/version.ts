// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "Info;buildDate s !;compiler s !;emulationMajor s z;emulationMinor s z;gitCommit s !;gitTreeState s !;gitVersion s !;goVersion s !;major s !;minCompatibilityMajor s z;minCompatibilityMinor s z;minor s !;platform s !",
].join('\n');

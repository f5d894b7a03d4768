// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const descriptions = [
  "PriorityClass\tPriorityClass defines mapping from a priority class name to the priority integer value. The value can be any valid integer.",
  "PriorityClass.description\tdescription is an arbitrary string that usually provides guidelines on when this priority class should be used.",
  "PriorityClass.globalDefault\tglobalDefault specifies whether this PriorityClass should be considered as the default priority for pods that do not have any priority class. Only one PriorityClass can be marked as `globalDefault`. However, if more than one PriorityClasses exists with their `globalDefault` field set to true, the smallest value of such global default PriorityClasses will be used as the default priority.",
  "PriorityClass.metadata\tStandard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  "PriorityClass.preemptionPolicy\tpreemptionPolicy is the Policy for preempting pods with lower priority. One of Never, PreemptLowerPriority. Defaults to PreemptLowerPriority if unset.",
  "PriorityClass.value\tvalue represents the integer value of this priority class. This is the actual priority that pods receive when they have the name of this class in their pod spec.",
  "PriorityClassList\tPriorityClassList is a collection of priority classes.",
  "PriorityClassList.items\titems is the list of PriorityClasses",
  "PriorityClassList.metadata\tStandard list metadata More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
].join('\n');

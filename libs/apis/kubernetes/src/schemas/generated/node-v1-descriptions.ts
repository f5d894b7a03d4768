// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const descriptions = [
  "Overhead\tOverhead structure represents the resource overhead associated with running a pod.",
  "Overhead.podFixed\tpodFixed represents the fixed resource overhead associated with running a pod.",
  "RuntimeClass\tRuntimeClass defines a class of container runtime supported in the cluster. The RuntimeClass is used to determine which container runtime is used to run all containers in a pod. RuntimeClasses are manually defined by a user or cluster provisioner, and referenced in the PodSpec. The Kubelet is responsible for resolving the RuntimeClassName reference before running the pod.  For more details, see https://kubernetes.io/docs/concepts/containers/runtime-class/",
  "RuntimeClass.handler\thandler specifies the underlying runtime and configuration that the CRI implementation will use to handle pods of this class. The possible values are specific to the node & CRI configuration.  It is assumed that all handlers are available on every node, and handlers of the same name are equivalent on every node. For example, a handler called \"runc\" might specify that the runc OCI runtime (using native Linux containers) will be used to run the containers in a pod. The Handler must be lowercase, conform to the DNS Label (RFC 1123) requirements, and is immutable.",
  "RuntimeClass.metadata\tMore info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  "RuntimeClass.overhead\toverhead represents the resource overhead associated with running a pod for a given RuntimeClass. For more details, see\\n https://kubernetes.io/docs/concepts/scheduling-eviction/pod-overhead/",
  "RuntimeClass.scheduling\tscheduling holds the scheduling constraints to ensure that pods running with this RuntimeClass are scheduled to nodes that support it. If scheduling is nil, this RuntimeClass is assumed to be supported by all nodes.",
  "RuntimeClassList\tRuntimeClassList is a list of RuntimeClass objects.",
  "RuntimeClassList.items\titems is a list of schema objects.",
  "RuntimeClassList.metadata\tStandard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
  "Scheduling\tScheduling specifies the scheduling constraints for nodes supporting a RuntimeClass.",
  "Scheduling.nodeSelector\tnodeSelector lists labels that must be present on nodes that support this RuntimeClass. Pods using this RuntimeClass can only be scheduled to a node matched by this selector. The RuntimeClass nodeSelector is merged with a pod's existing nodeSelector. Any conflicts will cause the pod to be rejected in admission.",
  "Scheduling.tolerations\ttolerations are appended (excluding duplicates) to pods running with this RuntimeClass during admission, effectively unioning the set of nodes tolerated by the pod and the RuntimeClass.",
].join('\n');

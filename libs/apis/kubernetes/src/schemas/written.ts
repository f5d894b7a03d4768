import type { FieldSchema, FieldType } from '@binnacle/apis-schema';

type Written = FieldSchema['written'];

/**
 * Where Go writes something else for want of a value than the rest of the schema suggests: required fields that are pointers,
 * optional ones without `omitempty`. By definition, without `io.k8s.`; of Kubernetes 1.36.
 */
const EXCEPTIONS = `
api.admissionregistration.v1.MutatingWebhook sideEffects=null
api.admissionregistration.v1.ValidatingWebhook sideEffects=null
api.apiserverinternal.v1alpha1.StorageVersion spec=empty status=empty
api.apps.v1.ControllerRevision data=null
api.apps.v1.DaemonSetSpec selector=null
api.apps.v1.DeploymentSpec selector=null
api.apps.v1.ReplicaSetSpec selector=null
api.apps.v1.StatefulSetOrdinals start=empty
api.apps.v1.StatefulSetSpec selector=null serviceName=empty
api.apps.v1.StatefulSetStatus availableReplicas=empty
api.authentication.v1.TokenRequest spec=empty
api.authentication.v1.TokenRequestSpec audiences=null boundObjectRef=null expirationSeconds=null
api.authentication.v1.TokenRequestStatus expirationTimestamp=null token=empty
api.autoscaling.v2.HorizontalPodAutoscalerStatus currentMetrics=null
api.batch.v1.PodFailurePolicyOnPodConditionsPattern status=empty
api.certificates.v1beta1.PodCertificateRequestSpec pkixPublicKey=null proofOfPossession=null
api.core.v1.AzureFilePersistentVolumeSource secretNamespace=null
api.core.v1.ContainerImage names=null
api.core.v1.Event reportingComponent=empty reportingInstance=empty
api.core.v1.GRPCAction service=null
api.core.v1.NodeRuntimeHandler name=empty
api.core.v1.ProjectedVolumeSource sources=null
api.core.v1.ScaleIOPersistentVolumeSource secretRef=null
api.core.v1.ScaleIOVolumeSource secretRef=null
api.core.v1.TypedLocalObjectReference apiGroup=null
api.core.v1.TypedObjectReference apiGroup=null
api.discovery.v1.EndpointSlice endpoints=null ports=null
api.events.v1.Event metadata=empty
api.flowcontrol.v1.FlowSchemaSpec matchingPrecedence=empty
api.flowcontrol.v1.LimitedPriorityLevelConfiguration nominalConcurrencyShares=null
api.flowcontrol.v1.QueuingConfiguration handSize=empty queueLengthLimit=empty queues=empty
api.flowcontrol.v1.ResourcePolicyRule namespaces=null
api.networking.v1.HTTPIngressPath pathType=null
api.networking.v1.IPAddressSpec parentRef=none
api.networking.v1.IngressClassParametersReference scope=null
api.networking.v1.NetworkPolicySpec podSelector=empty
api.networking.v1beta1.IPAddressSpec parentRef=none
api.policy.v1.PodDisruptionBudgetStatus currentHealthy=empty desiredHealthy=empty disruptionsAllowed=empty expectedPods=empty
api.rbac.v1.ClusterRole rules=null
api.rbac.v1.Role rules=null
api.rbac.v1.RoleRef apiGroup=empty
api.resource.v1.AllocatedDeviceStatus conditions=null
api.resource.v1.CapacityRequestPolicy default=null
api.resource.v1.CapacityRequestPolicyRange min=none
api.resource.v1.DeviceClaim requests=null
api.resource.v1.ResourceClaimSpec devices=empty
api.resource.v1alpha3.ResourcePoolStatusRequestStatus poolCount=none
api.resource.v1beta1.AllocatedDeviceStatus conditions=null
api.resource.v1beta1.CapacityRequestPolicy default=null
api.resource.v1beta1.CapacityRequestPolicyRange min=none
api.resource.v1beta1.DeviceClaim requests=null
api.resource.v1beta1.DeviceRequest deviceClassName=empty
api.resource.v1beta1.ResourceClaimSpec devices=empty
api.resource.v1beta2.AllocatedDeviceStatus conditions=null
api.resource.v1beta2.CapacityRequestPolicy default=null
api.resource.v1beta2.CapacityRequestPolicyRange min=none
api.resource.v1beta2.DeviceClaim requests=null
api.resource.v1beta2.ResourceClaimSpec devices=empty
api.scheduling.v1.PriorityClass value=empty
api.scheduling.v1alpha2.PodGroup metadata=empty status=empty
api.scheduling.v1alpha2.PodGroupList metadata=empty
api.scheduling.v1alpha2.PodGroupSpec podGroupTemplateRef=null
api.scheduling.v1alpha2.PodGroupTemplate schedulingConstraints=null
api.scheduling.v1alpha2.PodGroupTemplateReference workload=null
api.scheduling.v1alpha2.Workload metadata=empty
api.scheduling.v1alpha2.WorkloadList metadata=empty
api.storage.v1.CSINodeDriver topologyKeys=null
apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition metadata=empty status=empty
apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionList metadata=empty
apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionStatus acceptedNames=empty conditions=null storedVersions=null
apimachinery.pkg.apis.meta.v1.ObjectMeta creationTimestamp=none
kube-aggregator.pkg.apis.apiregistration.v1.APIService metadata=empty spec=empty status=empty
`;

const RAW_EXTENSION = 'io.k8s.apimachinery.pkg.runtime.RawExtension';
const NULLS: readonly string[] = ['time', 'microTime', 'bytes', 'any'];
const PREFIX = 'io.k8s.';

function zeroOf(type: FieldType): Written {
  if (type.kind === 'scalar') return NULLS.includes(type.scalar) ? 'null' : 'empty';
  return type.kind === 'object' && type.name !== RAW_EXTENSION ? 'empty' : 'null';
}

const STRUCTS: readonly string[] = ['time', 'microTime', 'quantity', 'intOrString'];
const isStruct = (type: FieldType): boolean =>
  type.kind === 'object' || (type.kind === 'scalar' && STRUCTS.includes(type.scalar));

/** A struct is written whatever its tag says; anything else unless it leaves out what is empty. */
function usual({ type, required, omitsEmpty }: FieldSchema): Written {
  const isWritten = omitsEmpty ? isStruct(type) : required;
  return isWritten ? zeroOf(type) : undefined;
}

function readLine(line: string): [string, Written][] {
  const [definition, ...fields] = line.split(' ');
  return fields.map((field) => {
    const [name, written] = field.split('=');
    return [`${PREFIX}${definition}.${name}`, written === 'none' ? undefined : (written as Written)];
  });
}

const exceptions = new Map(EXCEPTIONS.trim().split('\n').flatMap(readLine));

/** What upstream writes in the place of a field that has no value; undefined where it leaves it out. */
export function writtenAs(definition: string, field: FieldSchema): Written {
  const key = `${definition}.${field.name}`;
  return exceptions.has(key) ? exceptions.get(key) : usual(field);
}

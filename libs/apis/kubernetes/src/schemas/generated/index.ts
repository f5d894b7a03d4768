// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
import { table as admissionregistrationV1 } from './admissionregistration-v1.js';
import { table as admissionregistrationV1alpha1 } from './admissionregistration-v1alpha1.js';
import { table as admissionregistrationV1beta1 } from './admissionregistration-v1beta1.js';
import { table as apiserverinternalV1alpha1 } from './apiserverinternal-v1alpha1.js';
import { table as appsV1 } from './apps-v1.js';
import { table as authenticationV1 } from './authentication-v1.js';
import { table as authorizationV1 } from './authorization-v1.js';
import { table as autoscalingV1 } from './autoscaling-v1.js';
import { table as autoscalingV2 } from './autoscaling-v2.js';
import { table as batchV1 } from './batch-v1.js';
import { table as certificatesV1 } from './certificates-v1.js';
import { table as certificatesV1alpha1 } from './certificates-v1alpha1.js';
import { table as certificatesV1beta1 } from './certificates-v1beta1.js';
import { table as coordinationV1 } from './coordination-v1.js';
import { table as coordinationV1alpha2 } from './coordination-v1alpha2.js';
import { table as coordinationV1beta1 } from './coordination-v1beta1.js';
import { table as coreV1 } from './core-v1.js';
import { table as discoveryV1 } from './discovery-v1.js';
import { table as eventsV1 } from './events-v1.js';
import { table as flowcontrolV1 } from './flowcontrol-v1.js';
import { table as networkingV1 } from './networking-v1.js';
import { table as networkingV1beta1 } from './networking-v1beta1.js';
import { table as nodeV1 } from './node-v1.js';
import { table as policyV1 } from './policy-v1.js';
import { table as rbacV1 } from './rbac-v1.js';
import { table as resourceV1 } from './resource-v1.js';
import { table as resourceV1alpha3 } from './resource-v1alpha3.js';
import { table as resourceV1beta1 } from './resource-v1beta1.js';
import { table as resourceV1beta2 } from './resource-v1beta2.js';
import { table as schedulingV1 } from './scheduling-v1.js';
import { table as schedulingV1alpha2 } from './scheduling-v1alpha2.js';
import { table as storageV1 } from './storage-v1.js';
import { table as storageV1beta1 } from './storage-v1beta1.js';
import { table as storagemigrationV1beta1 } from './storagemigration-v1beta1.js';
import { table as apiextensionsV1 } from './apiextensions-v1.js';
import { table as apiResource } from './api-resource.js';
import { table as metaV1 } from './meta-v1.js';
import { table as runtime } from './runtime.js';
import { table as utilIntstr } from './util-intstr.js';
import { table as version } from './version.js';
import { table as apiregistrationV1 } from './apiregistration-v1.js';

/** Tables by the package their definitions are named after. */
export const tables: Readonly<Record<string, string>> = {
  'io.k8s.api.admissionregistration.v1': admissionregistrationV1,
  'io.k8s.api.admissionregistration.v1alpha1': admissionregistrationV1alpha1,
  'io.k8s.api.admissionregistration.v1beta1': admissionregistrationV1beta1,
  'io.k8s.api.apiserverinternal.v1alpha1': apiserverinternalV1alpha1,
  'io.k8s.api.apps.v1': appsV1,
  'io.k8s.api.authentication.v1': authenticationV1,
  'io.k8s.api.authorization.v1': authorizationV1,
  'io.k8s.api.autoscaling.v1': autoscalingV1,
  'io.k8s.api.autoscaling.v2': autoscalingV2,
  'io.k8s.api.batch.v1': batchV1,
  'io.k8s.api.certificates.v1': certificatesV1,
  'io.k8s.api.certificates.v1alpha1': certificatesV1alpha1,
  'io.k8s.api.certificates.v1beta1': certificatesV1beta1,
  'io.k8s.api.coordination.v1': coordinationV1,
  'io.k8s.api.coordination.v1alpha2': coordinationV1alpha2,
  'io.k8s.api.coordination.v1beta1': coordinationV1beta1,
  'io.k8s.api.core.v1': coreV1,
  'io.k8s.api.discovery.v1': discoveryV1,
  'io.k8s.api.events.v1': eventsV1,
  'io.k8s.api.flowcontrol.v1': flowcontrolV1,
  'io.k8s.api.networking.v1': networkingV1,
  'io.k8s.api.networking.v1beta1': networkingV1beta1,
  'io.k8s.api.node.v1': nodeV1,
  'io.k8s.api.policy.v1': policyV1,
  'io.k8s.api.rbac.v1': rbacV1,
  'io.k8s.api.resource.v1': resourceV1,
  'io.k8s.api.resource.v1alpha3': resourceV1alpha3,
  'io.k8s.api.resource.v1beta1': resourceV1beta1,
  'io.k8s.api.resource.v1beta2': resourceV1beta2,
  'io.k8s.api.scheduling.v1': schedulingV1,
  'io.k8s.api.scheduling.v1alpha2': schedulingV1alpha2,
  'io.k8s.api.storage.v1': storageV1,
  'io.k8s.api.storage.v1beta1': storageV1beta1,
  'io.k8s.api.storagemigration.v1beta1': storagemigrationV1beta1,
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1': apiextensionsV1,
  'io.k8s.apimachinery.pkg.api.resource': apiResource,
  'io.k8s.apimachinery.pkg.apis.meta.v1': metaV1,
  'io.k8s.apimachinery.pkg.runtime': runtime,
  'io.k8s.apimachinery.pkg.util.intstr': utilIntstr,
  'io.k8s.apimachinery.pkg.version': version,
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1': apiregistrationV1,
};

/** Descriptions are read only by documentation, so they are loaded when first asked for. */
export const descriptionLoaders: Readonly<Record<string, () => Promise<{ readonly descriptions: string }>>> = {
  'io.k8s.api.admissionregistration.v1': () => import('./admissionregistration-v1-descriptions.js'),
  'io.k8s.api.admissionregistration.v1alpha1': () => import('./admissionregistration-v1alpha1-descriptions.js'),
  'io.k8s.api.admissionregistration.v1beta1': () => import('./admissionregistration-v1beta1-descriptions.js'),
  'io.k8s.api.apiserverinternal.v1alpha1': () => import('./apiserverinternal-v1alpha1-descriptions.js'),
  'io.k8s.api.apps.v1': () => import('./apps-v1-descriptions.js'),
  'io.k8s.api.authentication.v1': () => import('./authentication-v1-descriptions.js'),
  'io.k8s.api.authorization.v1': () => import('./authorization-v1-descriptions.js'),
  'io.k8s.api.autoscaling.v1': () => import('./autoscaling-v1-descriptions.js'),
  'io.k8s.api.autoscaling.v2': () => import('./autoscaling-v2-descriptions.js'),
  'io.k8s.api.batch.v1': () => import('./batch-v1-descriptions.js'),
  'io.k8s.api.certificates.v1': () => import('./certificates-v1-descriptions.js'),
  'io.k8s.api.certificates.v1alpha1': () => import('./certificates-v1alpha1-descriptions.js'),
  'io.k8s.api.certificates.v1beta1': () => import('./certificates-v1beta1-descriptions.js'),
  'io.k8s.api.coordination.v1': () => import('./coordination-v1-descriptions.js'),
  'io.k8s.api.coordination.v1alpha2': () => import('./coordination-v1alpha2-descriptions.js'),
  'io.k8s.api.coordination.v1beta1': () => import('./coordination-v1beta1-descriptions.js'),
  'io.k8s.api.core.v1': () => import('./core-v1-descriptions.js'),
  'io.k8s.api.discovery.v1': () => import('./discovery-v1-descriptions.js'),
  'io.k8s.api.events.v1': () => import('./events-v1-descriptions.js'),
  'io.k8s.api.flowcontrol.v1': () => import('./flowcontrol-v1-descriptions.js'),
  'io.k8s.api.networking.v1': () => import('./networking-v1-descriptions.js'),
  'io.k8s.api.networking.v1beta1': () => import('./networking-v1beta1-descriptions.js'),
  'io.k8s.api.node.v1': () => import('./node-v1-descriptions.js'),
  'io.k8s.api.policy.v1': () => import('./policy-v1-descriptions.js'),
  'io.k8s.api.rbac.v1': () => import('./rbac-v1-descriptions.js'),
  'io.k8s.api.resource.v1': () => import('./resource-v1-descriptions.js'),
  'io.k8s.api.resource.v1alpha3': () => import('./resource-v1alpha3-descriptions.js'),
  'io.k8s.api.resource.v1beta1': () => import('./resource-v1beta1-descriptions.js'),
  'io.k8s.api.resource.v1beta2': () => import('./resource-v1beta2-descriptions.js'),
  'io.k8s.api.scheduling.v1': () => import('./scheduling-v1-descriptions.js'),
  'io.k8s.api.scheduling.v1alpha2': () => import('./scheduling-v1alpha2-descriptions.js'),
  'io.k8s.api.storage.v1': () => import('./storage-v1-descriptions.js'),
  'io.k8s.api.storage.v1beta1': () => import('./storage-v1beta1-descriptions.js'),
  'io.k8s.api.storagemigration.v1beta1': () => import('./storagemigration-v1beta1-descriptions.js'),
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1': () => import('./apiextensions-v1-descriptions.js'),
  'io.k8s.apimachinery.pkg.api.resource': () => import('./api-resource-descriptions.js'),
  'io.k8s.apimachinery.pkg.apis.meta.v1': () => import('./meta-v1-descriptions.js'),
  'io.k8s.apimachinery.pkg.runtime': () => import('./runtime-descriptions.js'),
  'io.k8s.apimachinery.pkg.util.intstr': () => import('./util-intstr-descriptions.js'),
  'io.k8s.apimachinery.pkg.version': () => import('./version-descriptions.js'),
  'io.k8s.kube-aggregator.pkg.apis.apiregistration.v1': () => import('./apiregistration-v1-descriptions.js'),
};

/** Descriptions of the members every kind has. */
export const usualDescriptions: Readonly<Record<string, string>> = {
  "apiVersion": "APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources",
  "kind": "Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds"
};

import type { Condition, LabelSelector, ObjectMeta } from '@binnacle/machinery-meta';

/** GatewayClass and Gateway, with the members that are read or written here. As apis/v1 of the Gateway API 1.6 has them. */
export interface GatewayClass {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: { controllerName: string; parametersRef?: ParametersReference; description?: string };
  status?: { conditions?: Condition[]; supportedFeatures?: { name: string }[] };
}

export interface ParametersReference {
  group: string;
  kind: string;
  name: string;
  namespace?: string;
}

export interface Gateway {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: GatewaySpec;
  status?: GatewayStatus;
}

export interface GatewaySpec {
  gatewayClassName: string;
  listeners: Listener[];
  addresses?: { type?: string; value?: string }[];
  infrastructure?: {
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    parametersRef?: { group: string; kind: string; name: string };
  };
}

export interface Listener {
  name: string;
  hostname?: string;
  port: number;
  protocol: string;
  tls?: { mode?: string; certificateRefs?: SecretReference[]; options?: Record<string, string> };
  allowedRoutes?: {
    namespaces?: { from?: string; selector?: LabelSelector };
    kinds?: RouteKind[];
  };
}

export interface SecretReference {
  group?: string;
  kind?: string;
  name: string;
  namespace?: string;
}

export interface RouteKind {
  group?: string;
  kind: string;
}

export interface GatewayStatus {
  addresses?: { type?: string; value: string }[];
  conditions?: Condition[];
  listeners?: ListenerStatus[];
  attachedListenerSets?: number;
}

export interface ListenerStatus {
  name: string;
  supportedKinds: RouteKind[];
  attachedRoutes: number;
  conditions: Condition[];
}

/** In the namespace of what may be referred to: who may refer to it. */
export interface ReferenceGrant {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec: {
    from: { group: string; kind: string; namespace: string }[];
    to: { group: string; kind: string; name?: string }[];
  };
}

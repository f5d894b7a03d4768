import { controllerRevisions } from '../apps/v1/controller-revision/definition.js';
import { deployments } from '../apps/v1/deployment/definition.js';
import { replicaSets } from '../apps/v1/replica-set/definition.js';
import { leases } from '../coordination/v1/lease/definition.js';
import { configMaps } from '../core/v1/config-map/definition.js';
import { endpoints } from '../core/v1/endpoints/definition.js';
import { events } from '../core/v1/event/definition.js';
import { limitRanges } from '../core/v1/limit-range/definition.js';
import { namespaces } from '../core/v1/namespace/definition.js';
import { nodes } from '../core/v1/node/definition.js';
import { pods } from '../core/v1/pod/definition.js';
import { podTemplates } from '../core/v1/pod-template/definition.js';
import { replicationControllers } from '../core/v1/replication-controller/definition.js';
import { resourceQuotas } from '../core/v1/resource-quota/definition.js';
import { secrets } from '../core/v1/secret/definition.js';
import { services } from '../core/v1/service/definition.js';
import { serviceAccounts } from '../core/v1/service-account/definition.js';
import { endpointSlices } from '../discovery/v1/endpoint-slice/definition.js';
import { eventsV1 } from '../events/v1/event/definition.js';
import { podDisruptionBudgets } from '../policy/v1/pod-disruption-budget/definition.js';
import { priorityClasses } from '../scheduling/v1/priority-class/definition.js';
import type { ResourceDefinition } from './definition.js';

/** Every built-in kind. Groups stand in the order in which clients look a short name up: the core first. */
export const resources: readonly ResourceDefinition[] = [
  configMaps,
  endpoints,
  events,
  limitRanges,
  namespaces,
  nodes,
  pods,
  podTemplates,
  replicationControllers,
  resourceQuotas,
  secrets,
  serviceAccounts,
  services,
  eventsV1,
  controllerRevisions,
  deployments,
  replicaSets,
  podDisruptionBudgets,
  priorityClasses,
  leases,
  endpointSlices,
];

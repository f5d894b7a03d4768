import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { CSIDriver, VolumeAttachment } from '@binnacle/apis-kubernetes/storage/v1';
import {
  type Controller,
  createController,
  createEventRecorder,
  fromChanges,
  fromMapped,
} from '@binnacle/client-controller';
import { keyOf } from '@binnacle/client-informers';
import { claimKeyOf, claimUses } from '@binnacle/control-scheduling';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { semanticEqual } from '@binnacle/machinery-validation';
import { CLAIMS, claimKeysOf } from '../persistent-volumes/claim-pods.js';
import {
  ATTACHMENTS_OF_NODE,
  ATTACHMENTS_OF_VOLUME,
  AttachDetachReconciler,
  PODS_OF_NODE,
  volumeNameOf,
} from './attach-detach.reconciler.js';
import { AttachmentEvents } from './attachment-events.js';

const nodeOf = ({ spec }: Pod): string[] => (spec?.nodeName ? [spec.nodeName] : []);

/** The claim a volume is for, as a key. */
function claimsOf(volume: PersistentVolume | undefined): string[] {
  const key = volume && claimKeyOf(volume);
  return key === undefined ? [] : [key];
}

function informersOf({ informers }: ControllerDeps) {
  const pods = informers.for<Pod>(refs.pods);
  const attachments = informers.for<VolumeAttachment>(refs.volumeattachments);
  pods.addIndex(CLAIMS, claimKeysOf);
  pods.addIndex(PODS_OF_NODE, (pod) => (claimUses(pod).length > 0 ? nodeOf(pod) : []));
  attachments.addIndex(ATTACHMENTS_OF_NODE, ({ spec }) => [spec.nodeName]);
  attachments.addIndex(ATTACHMENTS_OF_VOLUME, (attachment) => [volumeNameOf(attachment)]);
  return {
    pods,
    attachments,
    nodes: informers.for<Node>(refs.nodes),
    claims: informers.for<PersistentVolumeClaim>(refs.persistentvolumeclaims),
    volumes: informers.for<PersistentVolume>(refs.persistentvolumes),
    drivers: informers.for<CSIDriver>(refs.csidrivers),
  };
}

type Informers = ReturnType<typeof informersOf>;

/** What of a Node says something about volumes, or about how long they are waited for. */
const facts = ({ metadata, spec, status }: Node) => [
  metadata.annotations,
  spec?.taints,
  status?.volumesInUse,
  status?.volumesAttached,
  status?.conditions?.find(({ type }) => type === 'Ready')?.status,
];

function sourcesOf({ pods, nodes, attachments, claims, volumes, drivers }: Informers) {
  const nodesUsing = (claim: string) => pods.byIndex(CLAIMS, claim).flatMap(nodeOf);
  const nodesWanting = (volume: PersistentVolume | undefined) => claimsOf(volume).flatMap(nodesUsing);
  return [
    fromMapped(pods, (pod) => (claimUses(pod).length > 0 ? nodeOf(pod) : [])),
    fromChanges(nodes, (node, old, enqueue, deleted) => {
      if (deleted || !old || !semanticEqual(facts(node), facts(old))) enqueue(keyOf(node));
    }),
    // Other nodes may wait for the volume.
    fromMapped(attachments, (each) => [each.spec.nodeName, ...nodesWanting(volumes.get(volumeNameOf(each)))]),
    fromMapped(claims, (claim) => nodesUsing(keyOf(claim))),
    fromMapped(volumes, nodesWanting),
    fromMapped(drivers, () => pods.list().flatMap((pod) => (claimUses(pod).length > 0 ? nodeOf(pod) : []))),
  ];
}

/**
 * Has volumes attached to the nodes whose Pods want them, by a VolumeAttachment each, which the volume's driver carries out, and
 * tells the nodes. Behaves as kubernetes pkg/controller/volume/attachdetach with its CSI plugin.
 */
export function attachDetachController(ctx: Context, deps: ControllerDeps): Controller {
  const informers = informersOf(deps);
  const { pods, nodes, attachments, claims, volumes, drivers } = informers;
  const storage = {
    claim: (key: string) => claims.get(key),
    volume: (name: string) => volumes.get(name),
    driver: (name: string) => drivers.get(name),
  };
  const podsUsing = (name: string) => claimsOf(volumes.get(name)).flatMap((claim) => pods.byIndex(CLAIMS, claim));
  const recorder = createEventRecorder(ctx, deps.client, { component: 'attachdetach-controller' });
  return createController({
    name: 'persistentvolume-attach-detach',
    reconciler: new AttachDetachReconciler({
      pods,
      nodes,
      attachments,
      storage,
      nodeClient: deps.client.resource<Node>(refs.nodes),
      attachmentClient: deps.client.resource<VolumeAttachment>(refs.volumeattachments),
      events: new AttachmentEvents(recorder, podsUsing),
    }),
    sources: sourcesOf(informers),
    // One at a time, so that two nodes never get a volume which only one may have.
    workers: 1,
  });
}

import type { DifferenceKind } from './differences.js';

/** Why a difference stays. Everything that is said of it has to be so. */
export interface Explanation {
  readonly why: string;
  readonly kind?: DifferenceKind;
  readonly section?: RegExp;
  readonly resource?: RegExp;
  readonly name?: RegExp;
  readonly at?: RegExp;
  readonly ours?: RegExp;
  readonly theirs?: RegExp;
}

/** What Go's encoder writes of fields that say nothing, and of objects that hold nothing else. */
const NOTHING = /^(?:[{}[\],]|"\w+":|null|false|0|"")*$/;
const OF_A_PATCH = /^( "" is invalid: patch: Invalid value: )|"field":"patch"/;

const shapes: readonly Explanation[] = [
  {
    why: 'Items of lists say their kind: lists are the stored bytes of their objects, handed on without being read.',
    kind: 'body',
    at: /^items\[\]\.(kind|apiVersion)$/,
    theirs: /^<absent>$/,
  },
  {
    why: 'Columns of Tables are described in words of our own.',
    kind: 'body',
    at: /^columnDefinitions\[\]\.description$/,
  },
  {
    why: 'What Go\'s encoder writes of fields that are empty (`null`, `{}`, `0`, `""`) is left out where it says nothing.',
    kind: 'body',
    ours: /^<absent>$/,
    theirs: NOTHING,
  },
  {
    why: 'The same the other way round: upstream leaves out in one group what it writes in the other.',
    kind: 'body',
    resource: /^events/,
    ours: /^$/,
    theirs: /^<absent>$/,
  },
  {
    why: 'Managed fields of what the API server itself makes name it.',
    kind: 'managedFields',
    ours: /binnacle-api-server/,
  },
  {
    why: 'What kube-apiserver makes at its start has other owners, and labels of its own.',
    kind: 'managedFields',
    theirs: /"manager":"kube-apiserver"/,
  },
  {
    why: 'A dry run shows `selfLink` as it was sent there; it is never kept.',
    kind: 'body',
    at: /metadata\.selfLink$/,
  },
  {
    why: 'A bookmark says `creationTimestamp: null`, as upstream did until lately.',
    kind: 'body',
    at: /metadata\.creationTimestamp$/,
    ours: /^null$/,
  },
];

const words: readonly Explanation[] = [
  {
    why: 'No answer is made in protobuf, and none is offered.',
    kind: 'message',
    theirs: /application\/vnd\.kubernetes\.protobuf/,
  },
  {
    why: 'Upstream shows a patched document with its members in the order of a map in Go, at some depths.',
    kind: 'message',
    theirs: OF_A_PATCH,
  },
  { why: 'The same among the causes.', kind: 'causes', theirs: OF_A_PATCH },
  {
    why: 'Labels are judged in the order of their keys here, and in none there.',
    kind: 'message',
    name: /with bad labels/,
  },
  { why: 'The same among the causes.', kind: 'causes', name: /with bad labels/ },
  {
    why: 'An empty structure instead of none, or the other way round, is no change here and one there.',
    kind: 'body',
    at: /metadata\.generation$/,
    name: /(\{\}|\[\]|""|null|removed)$/,
  },
  {
    why: 'What a value should have been is told there by the name of a type in Go, and structures that are embedded in others by theirs.',
    kind: 'message',
    theirs: /cannot unmarshal .* into Go struct field/,
  },
  {
    why: "A refusal to change a volume, a claim or an ephemeral container ends there with the difference of two of upstream's internal structures.",
    kind: 'message',
    theirs: /immutable after creation|existing ephemeral containers/,
  },
  {
    why: 'The same among the causes.',
    kind: 'causes',
    theirs: /immutable after creation|existing ephemeral containers/,
  },
  {
    why: "A refusal to change a Pod ends there with the difference of two of upstream's internal structures.",
    kind: 'message',
    theirs: /pod updates may not change fields other than/,
  },
  {
    why: 'The same among the causes.',
    kind: 'causes',
    theirs: /pod updates may not change fields other than/,
  },
  {
    why: "Values that are shown whole are shown there as upstream's internal structures, with names of fields in Go.",
    kind: 'message',
    theirs: /Invalid value: [[{]|Duplicate value: \{|Invalid value: null/,
  },
  {
    why: 'The same among the causes.',
    kind: 'causes',
    theirs: /Invalid value: [[{]|Duplicate value: \{|Invalid value: null/,
  },
  {
    why: "Which character of a continue token is wrong is not told: tokens are the server's own affair.",
    kind: 'message',
    theirs: /^invalid continue token/,
  },
  {
    why: 'A line of source is named, and another build names another.',
    kind: 'message',
    theirs: /in scheme "/,
  },
  { why: 'What is wrong with YAML is told in the words of another reader.', kind: 'message', theirs: /yaml: line \d+/ },
  {
    why: 'The object is named there by its type in Go.',
    kind: 'message',
    theirs: /^you requested PartialObjectMetadata/,
  },
  {
    why: 'A body of a DELETE that cannot be read is refused in the words all other bodies are.',
    kind: 'message',
    name: /^delete with/,
  },
  {
    why: 'Deleting by preconditions names namespaces and events by their plural there.',
    kind: 'details',
    section: /^delete$/,
  },
  {
    why: 'The same in the text, which has words of its own for namespaces.',
    kind: 'message',
    section: /^delete$/,
    resource: /^(namespaces|events\.events\.k8s\.io)$/,
    theirs: /precondition/i,
  },
];

const notYet: readonly Explanation[] = [
  {
    why: 'A LimitRange without a name is given none; upstream makes up a uid for it.',
    resource: /^limitranges$/,
    name: /metadata (removed|null)$|without metadata/,
  },
];

const otherwise: readonly Explanation[] = [
  {
    why: 'Binnacle tells its own version and address.',
    section: /^paths$/,
    name: /^GET \/(version|api)/,
    kind: 'body',
  },
  {
    why: 'The kinds of the two differ, and so do the lists of them; they are compared on a page of their own.',
    section: /^paths$/,
    kind: 'body',
    at: /^(paths|groups|items|resources)$/,
  },
  { why: 'A kind of our own: who changed what.', section: /^paths$/, name: /history\.binnacle\.dev/ },
  {
    why: 'Whatever is not there is told by a Status.',
    section: /^(paths|read)$/,
    theirs: /^404 page not found|^text\/plain/,
  },
  { why: 'Empty parts of a path count for nothing.', name: /namespaces\/\/pods/ },
  {
    why: 'One object of a namespaced kind is watched by its name without its namespace.',
    name: /watch\/configmaps\/nothing/,
  },
  {
    why: 'A namespace that nothing holds goes at once, instead of at the second DELETE.',
    section: /^namespaces$/,
    name: /^(deleted|read when deleted|something made in it)$/,
  },
  {
    why: 'A controller within kube-apiserver writes the conditions of FlowSchemas while the corpus changes them.',
    resource: /^flowschemas/,
    at: /conditions|^200 instead of 409/,
  },
  {
    why: 'Events go another way there than other kinds do, and their failures have other words.',
    resource: /^events/,
    name: /at a version|resourceVersion=999/,
  },
  {
    why: 'The lists hold what kube-apiserver makes for itself at its start, such as addresses and roles.',
    section: /^read$/,
    resource:
      /ipaddresses|role|configmaps|endpoints|events|namespaces|priority|flowschemas|servicecidrs|leases|services|apiservices/,
    kind: 'body',
  },
  {
    why: 'A deprecated kind is warned of also where the method or the subresource is not there.',
    kind: 'warnings',
    resource: /^endpoints$/,
  },
  {
    why: 'A create in which a `resourceVersion` is sent that is no number shows it in a dry run there.',
    kind: 'body',
    name: /with metadata\.resourceVersion/,
    at: /^metadata\.resourceVersion$/,
    ours: /^<absent>$/,
  },
  {
    why: 'The uid of an update that is another than the stored is told in the words of a precondition, without the key in etcd.',
    kind: 'message',
    theirs: /StorageError: invalid object/,
  },
  {
    why: 'That an object of the name is being deleted just now is not said with "already exists": it is gone at once.',
    kind: 'message',
    theirs: /^object is being deleted: /,
  },
  {
    why: 'The annotation of the template generation of a DaemonSet belongs to nobody, and shows also where only metadata do.',
    resource: /^daemonsets\b/,
    at: /annotations|managedFields/,
  },
  {
    why: 'Tables of these kinds have columns of our own.',
    resource: /^(csistoragecapacities|volumeattachments|daemonsets)\b/,
    at: /^(columnDefinitions|rows\[\]\.cells)/,
  },
  {
    why: 'The form of finalizers is checked in every kind; upstream leaves it out in some.',
    kind: 'status code',
    name: /bad finalizers|metadata\.finalizers/,
    at: /^422 instead of 20[01]$/,
  },
];

/** Differences that are meant to be, or are known. The first that fits counts. */
export const explanations: readonly Explanation[] = [...shapes, ...words, ...notYet, ...otherwise];

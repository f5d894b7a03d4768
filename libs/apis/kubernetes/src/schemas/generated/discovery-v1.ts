// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "Endpoint;addresses [s ! #1 ~set;conditions @EndpointConditions z #2;deprecatedTopology {s z #5;hints @EndpointHints #8;hostname s #3;nodeName s #6;targetRef @io.k8s.api.core.v1.ObjectReference #4;zone s #7",
  "EndpointConditions;ready b #1;serving b #2;terminating b #3",
  "EndpointHints;forNodes [@ForNode z #2 ~atomic;forZones [@ForZone z #1 ~atomic",
  "EndpointPort ~atomic;appProtocol s #4;name s #1;port i #3;protocol s #2",
  "EndpointSlice %discovery.k8s.io/v1/EndpointSlice;addressType s ! #4;apiVersion s z;endpoints [@Endpoint #2 ~atomic;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;ports [@EndpointPort #3 ~atomic",
  "EndpointSliceList %discovery.k8s.io/v1/EndpointSliceList;apiVersion s z;items [@EndpointSlice ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "ForNode;name s ! #1",
  "ForZone;name s ! #1",
].join('\n');

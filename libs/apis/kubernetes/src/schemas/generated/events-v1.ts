// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "Event %events.k8s.io/v1/Event;action s z #6;apiVersion s z;deprecatedCount i z #15;deprecatedFirstTimestamp T z #13;deprecatedLastTimestamp T z #14;deprecatedSource @io.k8s.api.core.v1.EventSource z #12;eventTime M ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta #1;note s z #10;reason s z #7;regarding @io.k8s.api.core.v1.ObjectReference z #8;related @io.k8s.api.core.v1.ObjectReference #9;reportingController s z #4;reportingInstance s z #5;series @EventSeries #3;type s z #11",
  "EventList %events.k8s.io/v1/EventList;apiVersion s z;items [@Event ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "EventSeries;count i ! #1;lastObservedTime M ! #2",
].join('\n');

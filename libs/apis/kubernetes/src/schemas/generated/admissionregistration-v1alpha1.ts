// Generated from the Kubernetes 1.36 schema (Apache-2.0) by tools/generate-schema.mjs. Do not edit.
export const table = [
  "ApplyConfiguration;expression s z #1",
  "JSONPatch;expression s z #1",
  "MatchCondition;expression s ! #2;name s ! #1",
  "MatchResources ~atomic;excludeResourceRules [@NamedRuleWithOperations z #4 ~atomic;matchPolicy s #7;namespaceSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector #1;objectSelector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector #2;resourceRules [@NamedRuleWithOperations z #3 ~atomic",
  "MutatingAdmissionPolicy %admissionregistration.k8s.io/v1alpha1/MutatingAdmissionPolicy;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @MutatingAdmissionPolicySpec z #2",
  "MutatingAdmissionPolicyBinding %admissionregistration.k8s.io/v1alpha1/MutatingAdmissionPolicyBinding;apiVersion s z;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta z #1;spec @MutatingAdmissionPolicyBindingSpec z #2",
  "MutatingAdmissionPolicyBindingList %admissionregistration.k8s.io/v1alpha1/MutatingAdmissionPolicyBindingList;apiVersion s z;items [@MutatingAdmissionPolicyBinding ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "MutatingAdmissionPolicyBindingSpec;matchResources @MatchResources #3;paramRef @ParamRef #2;policyName s z #1",
  "MutatingAdmissionPolicyList %admissionregistration.k8s.io/v1alpha1/MutatingAdmissionPolicyList;apiVersion s z;items [@MutatingAdmissionPolicy ! #2;kind s z;metadata @io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta z #1",
  "MutatingAdmissionPolicySpec;failurePolicy s #5;matchConditions [@MatchCondition z #6 ~map =name >name +merge;matchConstraints @MatchResources #2;mutations [@Mutation z #4 ~atomic;paramKind @ParamKind #1;reinvocationPolicy s z #7;variables [@Variable z #3 ~atomic",
  "Mutation;applyConfiguration @ApplyConfiguration #3;jsonPatch @JSONPatch #4;patchType s ! #2",
  "NamedRuleWithOperations ~atomic;apiGroups [s #2.2.1 ~atomic;apiVersions [s #2.2.2 ~atomic;operations [s #2.1 ~atomic;resourceNames [s z #1 ~atomic;resources [s #2.2.3 ~atomic;scope s #2.2.4",
  "ParamKind ~atomic;apiVersion s z #1;kind s z #2",
  "ParamRef ~atomic;name s z #1;namespace s z #2;parameterNotFoundAction s #4;selector @io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector #3",
  "Variable;expression s ! #2;name s ! #1",
].join('\n');

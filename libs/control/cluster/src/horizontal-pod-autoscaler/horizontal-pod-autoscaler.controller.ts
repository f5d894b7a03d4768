import type { HorizontalPodAutoscaler } from '@binnacle/apis-kubernetes/autoscaling/v2';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, createEventRecorder, fromChanges } from '@binnacle/client-controller';
import { keyOf, type SharedInformerFactory } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { semanticEqual } from '@binnacle/machinery-validation';
import { HorizontalPodAutoscalerReconciler } from './horizontal-pod-autoscaler.reconciler.js';
import { MetricsReader } from './metrics-reader.js';
import { ScaleClient } from './scale-client.js';

interface Deps {
  readonly client: KubeClient;
  readonly informers: SharedInformerFactory;
}

/** Scales what has many Pods by what they use. */
export function horizontalPodAutoscalerController(
  ctx: Context,
  { client, informers }: Deps,
  metrics = new MetricsReader(client),
): Controller {
  const autoscalers = informers.for<HorizontalPodAutoscaler>(refs.horizontalpodautoscalers);
  // What it writes itself does not wake it: it looks at its own time.
  const source = fromChanges(autoscalers, (hpa, old, enqueue) => {
    if (!old || !semanticEqual(old.spec, hpa.spec)) enqueue(keyOf(hpa));
  });
  const pods = informers.for<Pod>(refs.pods);
  const reconciler = new HorizontalPodAutoscalerReconciler({
    autoscalers,
    client: client.resource<HorizontalPodAutoscaler>(refs.horizontalpodautoscalers),
    pods,
    scales: new ScaleClient(client),
    metrics,
    recorder: createEventRecorder(ctx, client, { component: 'horizontal-pod-autoscaler' }),
  });
  return createController({ name: 'horizontal-pod-autoscaler', reconciler, sources: [source], synced: [pods] });
}

import type { SharedInformerFactory } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';

/** What every controller is built from. */
export interface ControllerDeps {
  readonly client: KubeClient;
  readonly informers: SharedInformerFactory;
}

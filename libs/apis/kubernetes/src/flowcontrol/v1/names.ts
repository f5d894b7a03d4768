/** The one level and schema that are never limited. */
export const EXEMPT = 'exempt';
/** The level and schema of whatever nothing else matches. */
export const CATCH_ALL = 'catch-all';
/** Whether an object from the bootstrap follows the server's own idea of it; an operator's change turns it off. */
export const AUTO_UPDATE_ANNOTATION = 'apf.kubernetes.io/autoupdate-spec';

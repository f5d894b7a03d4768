export const FLOW_GATE = Symbol('FlowGate');
export const UNSENT_ANSWERS = Symbol('UnsentAnswers');
export const API_HANDLER = Symbol('ApiHandler');
export const REQUEST_METRICS = Symbol('RequestMetrics');
export const SERVER_CONTEXT = Symbol('Context');

// What a node lets in, and what a Pod asks of one: for who places Pods, and for who tells why one is not placed.
export { type NodeMatcher, nodeMatcher, requiredNodes } from './node-selection.js';
export { describeTaint, isTolerated } from './taints.js';

/** Kinds of steps, as cel-go common/cost.go weighs them. */
export const STRING_TRAVERSAL = 0.1;
export const REGEX_LENGTH = 0.25;
export const LIST_CREATE = 10;
export const MAP_CREATE = 30;
export const SELECT = 1;
/** The longest regular expression of a named format, as far as estimates go. */
export const MAX_FORMAT_REGEX = 128;
export const MAX_FORMAT_SIZE = 64;

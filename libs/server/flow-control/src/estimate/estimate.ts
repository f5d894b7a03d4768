import type { ResourceSize } from '@binnacle/server-storage';
import { ONE_SEAT, type WorkEstimate } from '../types.js';

/** Seats one request may take at the most, however much work it is. */
const MOST_LIST_SEATS = 100;
const MOST_WRITE_SEATS = 10;
/** What a list costs that only hands stored bytes on. */
const BYTES_PER_SEAT = 100_000;
/** Larger lists are sent in pieces: they take no more memory at a time than this. */
const MOST_BYTES = 1_000_000;
/** What is made into something else, a Table or YAML, is parsed object by object. */
const CONVERTED_PER_SEAT = 100;
/** What a selector has to look at. */
const SCANNED_PER_SEAT = 5_000;
const WATCHES_PER_SEAT = 10;
/** What telling watchers takes, in milliseconds a seat. */
const EVENT_MILLISECONDS = 5;

export interface ListWork {
  /** Undefined where nothing is known. */
  readonly size: ResourceSize | undefined;
  /** 0 for no limit. */
  readonly limit: number;
  /** Whether the list is about one object by its name. */
  readonly isSingle: boolean;
  readonly selects: boolean;
  /** Whether the objects are sent in another form than they are stored in. */
  readonly converts: boolean;
}

function bounded(seats: number, most: number): number {
  return Math.max(1, Math.min(Math.ceil(seats), most));
}

/**
 * Seats of a list: by the bytes it sends, as apiserver pkg/util/flowcontrol/request does, and, because one thread does
 * all the work here, by what has to be parsed and looked at. `mostSeats` is the level's limit, 0 where it has none.
 */
export function estimateList(work: ListWork, mostSeats: number): WorkEstimate {
  const { size, limit, isSingle, selects, converts } = work;
  if (isSingle || !size || size.objects === 0) return ONE_SEAT;
  const sent = limit > 0 ? Math.min(limit, size.objects) : size.objects;
  const bytes = Math.min((sent * size.bytes) / size.objects, MOST_BYTES);
  const seats = Math.max(
    bytes / BYTES_PER_SEAT,
    converts ? sent / CONVERTED_PER_SEAT : 0,
    selects ? size.objects / SCANNED_PER_SEAT : 0,
  );
  return {
    ...ONE_SEAT,
    isLong: seats > 1,
    initialSeats: bounded(seats, Math.min(mostSeats || MOST_LIST_SEATS, MOST_LIST_SEATS)),
  };
}

/** What a write takes: bytes of its body, and watches that are told of it. */
export interface WriteWork {
  readonly bytes: number;
  readonly watches: number;
}

/** A body is read, checked and owned as what it holds; the work of telling whoever watches follows. */
export function estimateWrite({ bytes, watches }: WriteWork, mostSeats: number): WorkEstimate {
  if (watches < WATCHES_PER_SEAT && bytes <= BYTES_PER_SEAT) return ONE_SEAT;
  const most = Math.min(mostSeats || MOST_WRITE_SEATS, MOST_WRITE_SEATS);
  const initialSeats = bounded(bytes / BYTES_PER_SEAT, most);
  // However few seats there are for it: a level of nine gives one to everybody, and nine long ones would keep all of them.
  const own = { ...ONE_SEAT, initialSeats, ...(bytes > BYTES_PER_SEAT && { isLong: true }) };
  if (watches < WATCHES_PER_SEAT) return own;
  const wanted = Math.ceil(watches / WATCHES_PER_SEAT);
  const finalSeats = bounded(wanted, most);
  return { ...own, finalSeats, additionalLatency: (wanted * EVENT_MILLISECONDS) / finalSeats };
}

export { nextTime } from './next-time.js';
export { type Calendar, parseSchedule, type Schedule, ScheduleError } from './schedule.js';
export { isTimeZone } from './time-zone.js';
export { formatIn } from './zone.js';

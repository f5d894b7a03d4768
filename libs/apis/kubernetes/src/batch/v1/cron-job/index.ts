export { type Calendar, parseSchedule, type Schedule, ScheduleError } from './schedule.js';
export { isTimeZone } from './time-zone.js';

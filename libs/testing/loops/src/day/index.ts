export { Day, type DayOptions, type DayReport } from './day.js';
